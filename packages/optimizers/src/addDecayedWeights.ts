import type { Schedule, Shape, Transform } from "@tenon/contracts";
import { callable, known } from "@tenon/guards";
import { rate } from "./internal/guards.js";
import { madeOf } from "./internal/hyper.js";
import { perParameter } from "./internal/perParameter.js";

export interface AddDecayedWeightsOptions {
  /**
   * Which parameters decay, by path and shape: `(path) => path.endsWith("kernel")`, or `(path,
   * shape) => shape.length > 1` to spare biases and norms. @defaultValue all, as in PyTorch, Keras
   * and optax
   */
  readonly only?: (path: string, shape: Shape) => boolean;
}

/**
 * Pulls parameters towards zero: g ← g + λw.
 *
 * Position decides: before a rule such as `scaleByAdam` it is L2 (PyTorch's `Adam(weight_decay)`);
 * after it and before `scaleByLearningRate` it is decoupled, as in AdamW. λ may be a function of
 * the step. Throws a RangeError unless a number is finite and ≥ 0.
 *
 * Loshchilov & Hutter (2019), Decoupled weight decay regularization, arXiv:1711.05101
 */
export function addDecayedWeights(
  decay: Schedule | number,
  options: AddDecayedWeightsOptions = {},
): Transform {
  const { only = () => true } = known("addDecayedWeights", options, "only");
  rate("addDecayedWeights", "decay", decay);
  callable("addDecayedWeights", "only", only);
  return perParameter(
    "addDecayedWeights",
    {},
    { lambda: madeOf([decay], (at) => at) },
    ({ g, w }, { lambda }, path) => ({
      g: only(path, w.shape) ? g.add(w.mul(lambda)) : g,
    }),
  );
}
