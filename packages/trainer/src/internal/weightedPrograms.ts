import type { AnyProgram, ByPath, NDArray } from "@tenon/contracts";
import { handled, isLater, type Later } from "./later.js";
import { recent } from "./recent.js";

/** The parameters and running statistics of a model. */
export type WeightsState = {
  readonly params: ByPath<NDArray>;
  readonly stats: ByPath<NDArray>;
};

/** Programs for the last shapes of batch, all with the same weights, which no step changes. */
export interface WeightedPrograms<I, O> {
  /** Runs the program for inputs of these shapes, which is compiled where there is none. */
  step(inputs: I): Later<O>;
  /** Gives all programs other weights. */
  load(weights: WeightsState): Later<unknown>;
}

export function weightedPrograms<I extends Readonly<Record<string, NDArray>>, O>(
  compile: (inputs: I, weights: WeightsState) => AnyProgram<WeightsState, I, O>,
  start?: WeightsState,
): WeightedPrograms<I, O> {
  type Program = AnyProgram<WeightsState, I, O>;
  let weights = start!;
  const programs = recent<string, Program>();
  /** Programs of which a call failed: they load the weights before their next step. */
  const failed = new WeakSet<Program>();
  const watched = <V>(program: Program, call: Later<V>): Later<V> => {
    handled(call, () => failed.add(program));
    return call;
  };
  const load = (program: Program): Later<void> => watched(program, program.load(weights));
  return {
    step(inputs) {
      const shapes = Object.values(inputs).map(({ dtype, shape }) => `${dtype} ${shape.join()}`);
      const program = programs.get(shapes.join(" "), () => compile(inputs, weights));
      if (failed.delete(program)) void load(program); // where it fails, so does the step
      return watched(program, program.step(inputs));
    },
    load(next) {
      weights = next;
      const loads = [...programs.values()].map(load);
      return loads.some(isLater) ? Promise.all(loads) : undefined;
    },
  };
}
