import type { Schedule, Transform } from "@tenon/contracts";
import { known } from "@tenon/guards";
import { preset } from "./internal/preset.js";
import { scaleByAdagrad, type ScaleByAdagradOptions } from "./scaleByAdagrad.js";
import { scaleByLearningRate } from "./scaleByLearningRate.js";

export interface AdagradOptions extends ScaleByAdagradOptions {
  /** A number or a function of the step. @defaultValue 0.01 */
  readonly learningRate?: Schedule | number;
}

/**
 * A step for each element that shrinks with all its gradients so far: s ← s + g², w ← w − η·g / (√s
 * + ε).
 *
 * As PyTorch has it (its `lr_decay` is a schedule here). Keras and optax: `{ start: 0.1, eps: 0,
 * epsRoot: 1e-7 }`.
 *
 * Duchi, Hazan & Singer (2011), JMLR 12
 */
export function adagrad(options: AdagradOptions = {}): Transform {
  const { learningRate = 0.01, ...rest } = known(
    "adagrad",
    options,
    "learningRate eps epsRoot start",
  );
  return preset("adagrad", () => [scaleByAdagrad(rest), scaleByLearningRate(learningRate)]);
}
