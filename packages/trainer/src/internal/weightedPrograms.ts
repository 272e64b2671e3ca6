import type { AnyProgram, ByPath, NDArray } from "@tenon/contracts";
import { isLater, type Later } from "./later.js";
import { keptPrograms, recent } from "./recent.js";

/** The parameters and running statistics of a model. */
export type WeightsState = {
  readonly params: ByPath<NDArray>;
  readonly stats: ByPath<NDArray>;
};

/** Programs for the last shapes of batch, all with the same weights, which no step changes. */
export interface WeightedPrograms<I, O> {
  /** Runs the program of a key, which is compiled where there is none. */
  step(key: string, inputs: I): Later<O>;
  /** Gives all programs other weights. */
  load(weights: WeightsState): Later<unknown>;
}

export function weightedPrograms<I, O>(
  compile: (inputs: I, weights: WeightsState) => AnyProgram<WeightsState, I, O>,
  start?: WeightsState,
): WeightedPrograms<I, O> {
  interface Entry {
    readonly program: AnyProgram<WeightsState, I, O>;
    /** Whether a call failed, so that it has to load the weights before its next step. */
    isStale: boolean;
  }
  let weights = start!;
  const programs = recent<string, Entry>(keptPrograms);
  const watched = <V>(entry: Entry, call: Later<V>): Later<V> => {
    if (isLater(call)) call.catch(() => (entry.isStale = true));
    return call;
  };
  const load = (entry: Entry): Later<void> => {
    entry.isStale = false;
    return watched(entry, entry.program.load(weights));
  };
  return {
    step(key, inputs) {
      const entry = programs.get(key, () => ({
        program: compile(inputs, weights),
        isStale: false,
      }));
      if (entry.isStale) void load(entry); // where it fails, so does the step
      return watched(entry, entry.program.step(inputs));
    },
    load(next) {
      weights = next;
      const loads = [...programs.values()].map(load);
      return loads.some(isLater) ? Promise.all(loads) : undefined;
    },
  };
}
