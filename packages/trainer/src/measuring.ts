import type { ByPath, Json } from "@tenon/contracts";
import { badArgument, shown } from "@tenon/guards";
import type { EndEvent, FitEvent } from "./events.js";
import { checkMeasures } from "./internal/checkMeasures.js";
import type { Measure, MeasuredEvent } from "./measures.js";
import type { Recorder } from "./records.js";
import type { FinishedRun } from "./studyResults.js";

/** The measures and recorders of one run, with their states. */
export interface Measuring {
  /** Counts an event of the run. */
  see(event: FitEvent): void;
  /** What the recorders have kept so far. */
  records(): ByPath<Json>;
  /** The run after its last event, as a study has it; a measure that is not finite is null. */
  finished(which: Pick<FinishedRun, "arm" | "seed">, end: EndEvent): FinishedRun;
  /** The states of measures and recorders, plain data, by name. */
  states(): ByPath<Json>;
  /** Goes on from states that were stored. */
  load(states: ByPath<Json>): void;
  /** What each measure and recorder is, for comparison with stored ones. */
  readonly descriptions: ByPath<Json>;
  /** The names of the recorders. */
  readonly recorders: readonly string[];
}

/** What a measure sees. */
const measured: readonly FitEvent["type"][] = ["step", "skipped", "epoch", "statistics"];

/**
 * Measures a run of `fit` as a study does, for a loop of your own:
 *
 *     const run = measuring({ loss: finalOf("train.loss", "lower") }, { loss: curveOf("loss") });
 *     for await (const event of fit(model, options)) run.see(event);
 */
export function measuring(measures: ByPath<Measure>, records: ByPath<Recorder> = {}): Measuring {
  checkMeasures("measuring", measures, records);
  const parts = Object.entries({ ...measures, ...records });
  const recorders = Object.keys(records);
  const states = new Map(parts.map(([name, { start = null }]) => [name, structuredClone(start)]));
  const pick = (names: readonly string[]): ByPath<Json> =>
    Object.fromEntries(names.map((name) => [name, states.get(name)!]));
  let hasFailed = false;
  return {
    see(event) {
      // A run that is resumed after a step that was not finite does that step again.
      if (event.type === "nonFinite") hasFailed = true;
      if (hasFailed || !measured.includes(event.type)) return;
      for (const [name, part] of parts)
        if (part.update) states.set(name, part.update(states.get(name)!, event as MeasuredEvent));
    },
    records: () => pick(recorders),
    finished({ arm, seed }, end) {
      const { step: steps, epoch: epochs } = end.snapshot.progress;
      const results = Object.entries(measures).map(([name, measure]) => {
        const value = measure.result(end, states.get(name)!);
        if (typeof value !== "number")
          throw badArgument("study", `a number from measure ${shown(name)}`, shown(value));
        return [name, Number.isFinite(value) ? value + 0 : null]; // + 0: JSON has no −0
      });
      return {
        ...{ arm, seed, reason: end.reason as FinishedRun["reason"], steps, epochs },
        measures: Object.fromEntries(results) as FinishedRun["measures"],
        ...(recorders.length > 0 && { records: pick(recorders) }),
      };
    },
    states: () => pick(parts.map(([name]) => name)),
    load(stored) {
      for (const [name, state] of Object.entries(stored)) states.set(name, state);
    },
    descriptions: Object.fromEntries([
      ...Object.entries(measures).map(([name, { better, description = null }]) => [
        name,
        { better, description },
      ]),
      ...Object.entries(records).map(([name, { description = null }]) => [
        name,
        { record: description },
      ]),
    ]) as ByPath<Json>,
    recorders,
  };
}
