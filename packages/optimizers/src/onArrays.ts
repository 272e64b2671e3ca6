import type { ByPath, Transform } from "@tenon/contracts";
import { noOptions } from "@tenon/guards";
import type { Parameter } from "./internal/arrays/arguments.js";
import { arraysOptimizer, type ArraysOptimizer } from "./internal/arrays/arraysOptimizer.js";
import { compiled } from "./internal/arrays/compiled.js";
import { vectors } from "./internal/arrays/vectors.js";

export type {
  ArraysOptimizer,
  OptimizerState,
  SavedOptimizerState,
} from "./internal/arrays/arraysOptimizer.js";
export type { Parameter } from "./internal/arrays/arguments.js";
export type { SavedValues } from "./internal/saved.js";

/**
 * Runs a transform on plain typed arrays, in place: it is traced once, and its graph runs in one
 * pass over each parameter (after one more for each norm it needs), without allocation.
 *
 * Where WebAssembly is available, long Float32Arrays are updated by its vectors: each operation is
 * rounded to float32, sums are float64. Elsewhere arithmetic is float64, and what is stored in a
 * Float32Array is rounded once a step. A gradient that is NaN makes the values that depend on it
 * NaN, as in a loop written by hand; check the loss before the step.
 *
 * @param params arrays by name, which are not copied. Bare arrays are vectors; give `{ shape, data
 *   }` where a transform depends on shapes.
 * @throws if `transform` is not a transform, or a parameter is not a Float32Array or Float64Array
 *   or
 *   does not fit its shape
 */
export function onArrays(transform: Transform, params: ByPath<Parameter>): ArraysOptimizer {
  noOptions("onArrays", arguments[2]);
  return arraysOptimizer("onArrays", transform, params, { compiled, vectors });
}
