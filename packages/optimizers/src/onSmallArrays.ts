import type { ByPath, Transform } from "@tenon/contracts";
import { noOptions } from "@tenon/guards";
import type { Parameter } from "./internal/arrays/arguments.js";
import { arraysOptimizer, type ArraysOptimizer } from "./internal/arrays/arraysOptimizer.js";

/**
 * `onArrays` for few values: without WebAssembly and without loops compiled ahead of time, 7 KB
 * less in a bundle. A step of up to 100 elements takes mostly 1 to 2.5 times as long, one of 1000 3
 * to 8 times, a larger one over 10 times.
 *
 * Arithmetic is float64, and what is stored in a Float32Array is rounded once a step.
 *
 * @param params arrays by name, which are not copied, as `onArrays` takes them
 * @throws as `onArrays` does
 */
export function onSmallArrays(transform: Transform, params: ByPath<Parameter>): ArraysOptimizer {
  noOptions("onSmallArrays", arguments[2]);
  return arraysOptimizer("onSmallArrays", transform, params, {});
}
