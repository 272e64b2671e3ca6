import type { ByPath, Json } from "@tenon/contracts";
import { badArgument, shown } from "@tenon/guards";
import type { EndEvent, FitEvent } from "../events.js";
import type { Measure, MeasuredEvent } from "../measures.js";

/** The measures of one run, with their states. */
export interface Measuring {
  /** Counts an event of the run. */
  see(event: FitEvent): void;
  /** The state of each measure, plain data. */
  states(): ByPath<Json>;
  /** Goes on from states that were stored. */
  load(states: ByPath<Json>): void;
  /** What each measure gives for a run that ended; null where that is not finite. */
  results(end: EndEvent): ByPath<number | null>;
  /** What each measure is, for comparison with stored ones. */
  readonly descriptions: ByPath<Json>;
}

/** What a measure sees. */
const measured: readonly FitEvent["type"][] = ["step", "epoch", "statistics"];

export function measuring(measures: ByPath<Measure>): Measuring {
  const entries = Object.entries(measures);
  let states: ByPath<Json> = Object.fromEntries(
    entries.map(([name, { start = null }]) => [name, start]),
  );
  let hasFailed = false;
  return {
    see(event) {
      // A run that is resumed after a step that was not finite does that step again.
      if (event.type === "nonFinite") hasFailed = true;
      if (hasFailed || !measured.includes(event.type)) return;
      for (const [name, measure] of entries)
        if (measure.update)
          states = { ...states, [name]: measure.update(states[name]!, event as MeasuredEvent) };
    },
    states: () => states,
    load(stored) {
      states = stored;
    },
    results: (end) =>
      Object.fromEntries(
        entries.map(([name, measure]) => {
          const value = measure.result(end, states[name]!);
          if (typeof value !== "number")
            throw badArgument("study", `a number from measure ${shown(name)}`, shown(value));
          return [name, Number.isFinite(value) ? value + 0 : null]; // + 0: JSON has no −0
        }),
      ),
    descriptions: Object.fromEntries(
      entries.map(([name, { better, description = null }]) => [name, { better, description }]),
    ),
  };
}
