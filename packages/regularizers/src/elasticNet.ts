import type { Penalty } from "@tenon/contracts";
import { known } from "@tenon/guards";
import { notNegative } from "./internal/guards.js";
import type { OnlyOptions } from "./internal/only.js";
import { penalty } from "./internal/penalty.js";

export interface ElasticNetOptions extends OnlyOptions {
  /** λ₁, of the sizes. @defaultValue 0.01 */
  readonly l1?: number;
  /** λ₂, of the squares (no ½). @defaultValue 0.01 */
  readonly l2?: number;
}

/**
 * `l1` and `l2` together: λ₁·Σ|w| + λ₂·Σw². Keras' `L1L2`.
 *
 * Throws a RangeError unless both are finite and ≥ 0, and, where it is used, if `only` accepts
 * no parameter. Zou & Hastie (2005), Regularization and variable selection via the elastic
 * net
 */
export function elasticNet(options: ElasticNetOptions = {}): Penalty {
  const { l1 = 0.01, l2 = 0.01, ...rest } = known("elasticNet", options, "l1 l2 only");
  notNegative("elasticNet", "l1", l1);
  notNegative("elasticNet", "l2", l2);
  return penalty("elasticNet", rest, (w) => w.abs().sum().mul(l1).add(w.square().sum().mul(l2)));
}
