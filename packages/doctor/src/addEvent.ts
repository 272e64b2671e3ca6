import type { ByPath } from "@tenon/contracts";
import { badArgument, shown } from "@tenon/guards";
import {
  eventTypes,
  figureOf,
  scoresOf,
  stepOf,
  wholeStatistics,
  type SomeStatistics,
} from "./internal/events.js";
import { observedOf } from "./internal/observed.js";
import type { LossHistory, ObservedStep, RunRecord, ScoresByName } from "./record.js";

/**
 * What happened in a run: `fit`'s events, or figures of another library in the same form. Figures
 * that came through JSON may be the words "NaN", "Infinity" and "-Infinity".
 */
export type RunEvent =
  | { readonly type: "start"; readonly epochs?: number; readonly stepsPerEpoch?: number }
  | { readonly type: "step"; readonly step: number; readonly loss: number }
  | { readonly type: "skipped"; readonly step: number }
  | ({ readonly type: "statistics"; readonly step: number } & SomeStatistics)
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
      /** What was not finite first. @defaultValue `"the loss"`, where that is not finite */
      readonly where?: string;
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
 * A step whose loss is NaN or infinite counts as a `nonFinite` event where `"the loss"` is wrong;
 * one that the optimizer's `skipNonFinite` left out, and its statistics, are passed over.
 *
 * @throws RangeError if the event is no object with one of these types, or lacks what it needs: a
 * step its loss, an epoch its scores; or if a figure is no number
 */
export function addEvent(record: RunRecord, event: RunEvent): RunRecord {
  if (typeof event !== "object" || event === null || typeof event.type !== "string")
    throw badArgument("addEvent", "an event, an object with a type", shown(event));
  if (!Array.isArray(record?.observed))
    throw badArgument("addEvent", "a record, such as newRecord()", shown(record));
  switch (event.type) {
    case "start": {
      const { epochs, stepsPerEpoch } = event;
      const planned = {
        ...(epochs !== undefined && { epochs }),
        ...(stepsPerEpoch !== undefined && { stepsPerEpoch }),
      };
      return { ...record, setup: { ...record.setup, ...planned } };
    }
    case "step":
      return withStep(record, event);
    case "skipped":
      stepOf(event, "step");
      return { ...record, step: event.step, skipped: event.step };
    case "statistics":
      stepOf(event, "step");
      if (event.step === record.skipped) return record;
      return {
        ...record,
        observed: thinned([
          ...record.observed,
          observedOf(record, { step: event.step, ...wholeStatistics(event) }),
        ]),
      };
    case "epoch":
      return withEpoch(record, event);
    case "nonFinite": {
      const { step } = event;
      stepOf(event, "step");
      const loss = figureOf(event, "loss", event.loss);
      const { where = Number.isFinite(loss) ? "a gradient or a new value" : "the loss" } = event;
      return { ...record, nonFinite: { step, loss, where } };
    }
    case "end":
      return withEnd(record, event);
    case "checkpoint":
      return record;
    default:
      throw badArgument(
        "addEvent",
        `an event of the type ${eventTypes.join(", ")}`,
        shown((event as RunEvent).type),
      );
  }
}

type EventOf<K extends RunEvent["type"]> = Extract<RunEvent, { readonly type: K }>;

function withStep(record: RunRecord, event: EventOf<"step">): RunRecord {
  const { step } = event;
  stepOf(event, "step");
  if (event.loss === undefined)
    throw badArgument("addEvent", "a step event with step and loss", shown(event));
  const loss = figureOf(event, "loss", event.loss);
  return Number.isFinite(loss)
    ? { ...record, step, losses: withLoss(record.losses, loss) }
    : { ...record, step, nonFinite: { step, loss, where: "the loss" } };
}

function withEpoch(record: RunRecord, event: EventOf<"epoch">): RunRecord {
  const { epoch, step, validation } = event;
  stepOf(event, "epoch step");
  const scores = {
    ...{ epoch, step, train: scoresOf(event, "train", event.train) },
    ...(validation && { validation: scoresOf(event, "validation", validation) }),
  };
  return { ...record, epochs: [...record.epochs, scores] };
}

function withEnd(record: RunRecord, { reason = "done", stats }: EventOf<"end">): RunRecord {
  const running =
    stats &&
    Object.fromEntries(Object.entries(stats).map(([path, { data }]) => [path, Array.from(data)]));
  return { ...record, ended: reason, ...(running && { running }) };
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
