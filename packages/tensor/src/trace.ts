import type { ArraySpec, Leaves, StepFunction, Tree } from "@tenon/contracts";
import { badArgument, callable, shown } from "@tenon/guards";
import { sameTree } from "./feeds.js";
import { input } from "./ops/leaf.js";
import type { Tensor } from "./tensor.js";
import { mapLeaves } from "./tree.js";

/** A placeholder for each array of a tree. */
export function placeholders<S extends Tree<ArraySpec>>(
  specs: S,
): Leaves<S, Tensor> & Tree<Tensor> {
  return mapLeaves(specs, (spec, path) => input(path, spec as ArraySpec)) as Leaves<S, Tensor> &
    Tree<Tensor>;
}

/** A step as a graph. */
export interface Trace<S, I, O> {
  /** The placeholders of the state and of the inputs. */
  readonly stateIn: Leaves<S, Tensor> & Tree<Tensor>;
  readonly inputsIn: Leaves<I, Tensor> & Tree<Tensor>;
  /** The next state, in the order of the leaves of the initial state. */
  readonly stateOut: readonly Tensor[];
  readonly outputs: O;
}

/**
 * Calls a step once with placeholders: the first part of every engine's `compile`.
 *
 * @throws RangeError if the step is no function, does not return `{ state, outputs }`, or returns a
 *   state of other names, shapes or dtypes than `start`
 */
export function traceOf<
  S extends Tree<ArraySpec>,
  I extends Tree<ArraySpec>,
  O extends Tree<Tensor>,
>(step: StepFunction<Tensor, S, I, O>, start: S, inputs: I): Trace<S, I, O> {
  callable("compile", "step", step);
  const [stateIn, inputsIn] = [placeholders(start), placeholders(inputs)];
  const result = step(stateIn, inputsIn);
  if (!isObject(result) || !isObject(result.state) || !isObject(result.outputs))
    throw badArgument("compile", "step to return { state, outputs }", shown(result), "return both");
  const stateOut = sameTree("compile", start, result.state as Tree<Tensor>);
  return { stateIn, inputsIn, stateOut, outputs: result.outputs };
}

const isObject = (value: unknown): boolean => typeof value === "object" && value !== null;
