import type { ByPath, StepStatistics } from "@tenon/contracts";
import { badArgument, shown } from "@tenon/guards";
import { observedOf } from "./internal/observed.js";
import type { LossHistory, ObservedStep, RunRecord, ScoresByName } from "./record.js";

/**
 * What happened in a run: `fit`'s events, or figures of another library in the same form. Events of
 * other types are left aside.
 */
export type RunEvent =
  | { readonly type: "start"; readonly epochs?: number; readonly stepsPerEpoch?: number }
  | { readonly type: "step"; readonly step: number; readonly loss: number }
  | ({ readonly type: "statistics"; readonly step: number } & StepStatistics)
  | {
      readonly type: "epoch";
      readonly epoch: number;
      readonly step: number;
      readonly train: ScoresByName;
      readonly validation?: ScoresByName;
    }
  | {
      readonly type: "nonFinite";
      readonly step: number;
      readonly loss: number;
      readonly where: string;
    }
  | {
      readonly type: "end";
      readonly reason?: string;
      readonly stats?: ByPath<{ readonly data: ArrayLike<number> }>;
    }
  | { readonly type: "checkpoint" };

/** How many losses are kept as they are, at the beginning and at the end, and how many means. */
const [firstKept, recentKept, curveKept] = [16, 64, 256];
/** How many observed steps are kept, and how many of them from the beginning and from the end. */
const [observedKept, headKept, tailKept] = [48, 4, 16];

/**
 * The record with one more event. The old one is not changed.
 *
 * A step whose loss is NaN or infinite counts as a `nonFinite` event where `"the loss"` is wrong.
 *
 * @throws RangeError if the event is no object with a type, or a step without a loss
 */
export function addEvent(record: RunRecord, event: RunEvent): RunRecord {
  if (typeof event !== "object" || event === null || typeof event.type !== "string")
    throw badArgument("addEvent", "an event, an object with a type", shown(event));
  switch (event.type) {
    case "start": {
      const { epochs, stepsPerEpoch } = event;
      const planned = {
        ...(epochs !== undefined && { epochs }),
        ...(stepsPerEpoch !== undefined && { stepsPerEpoch }),
      };
      return { ...record, setup: { ...record.setup, ...planned } };
    }
    case "step": {
      const { step, loss } = event;
      if (typeof loss !== "number" || typeof step !== "number")
        throw badArgument("addEvent", "a step event with step and loss", shown(event));
      return Number.isFinite(loss)
        ? { ...record, step, losses: withLoss(record.losses, loss) }
        : { ...record, step, nonFinite: { step, loss, where: "the loss" } };
    }
    case "statistics":
      return {
        ...record,
        observed: thinned([...record.observed, observedOf(record, event)]),
      };
    case "epoch": {
      const { epoch, step, train, validation } = event;
      const scores = { epoch, step, train, ...(validation && { validation }) };
      return { ...record, epochs: [...record.epochs, scores] };
    }
    case "nonFinite": {
      const { step, loss, where } = event;
      return { ...record, nonFinite: { step, loss, where } };
    }
    case "end": {
      const { reason = "done", stats } = event;
      const running =
        stats &&
        Object.fromEntries(
          Object.entries(stats).map(([path, { data }]) => [path, Array.from(data)]),
        );
      return { ...record, ended: reason, ...(running && { running }) };
    }
    default:
      return record;
  }
}

function withLoss(losses: LossHistory, loss: number): LossHistory {
  const { count, first, recent, curve, block, open } = losses;
  const sum = open.sum + loss;
  const full = open.count + 1 === block;
  const longer = full ? [...curve, sum / block] : curve;
  const halve = longer.length === curveKept;
  return {
    count: count + 1,
    first: first.length < firstKept ? [...first, loss] : first,
    recent: [...recent.slice(1 - recentKept), loss],
    curve: halve ? pairs(longer) : longer,
    block: halve ? 2 * block : block,
    open: full ? { sum: 0, count: 0 } : { sum, count: open.count + 1 },
  };
}

const pairs = (values: readonly number[]): number[] =>
  Array.from({ length: values.length / 2 }, (_, i) => (values[2 * i]! + values[2 * i + 1]!) / 2);

/**
 * Without one of those in the middle, where there are too many: the one whose neighbours are
 * nearest, so that the others stay spread evenly.
 */
function thinned(observed: readonly ObservedStep[]): readonly ObservedStep[] {
  if (observed.length <= observedKept) return observed;
  let least = headKept;
  const gap = (i: number): number => observed[i + 1]!.step - observed[i - 1]!.step;
  for (let i = headKept; i < observed.length - tailKept; i++) if (gap(i) < gap(least)) least = i;
  return observed.filter((_, i) => i !== least);
}
