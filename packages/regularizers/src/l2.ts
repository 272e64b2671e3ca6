import type { Penalty } from "@tenon/contracts";
import { known } from "@tenon/guards";
import { notNegative } from "./internal/guards.js";
import type { OnlyOptions } from "./internal/only.js";
import { penalty } from "./internal/penalty.js";

/**
 * Punishes each parameter by its square, which makes all of them smaller: λ·Σw², gradient 2λw.
 *
 * As Keras has it, without a ½: a penalty ½λ·Σw², and PyTorch's `weight_decay` λ, are `l2(λ / 2)`.
 * With a rule such as Adam this is not the decay of AdamW, since the gradient passes through the
 * rule; see `addDecayedWeights` of optimizers.
 *
 * @param rate λ
 * @throws RangeError unless λ is finite and ≥ 0, and, where it is used, if `only` accepts no
 *   parameter
 *
 * Hoerl & Kennard (1970), Ridge regression
 */
export function l2(rate = 0.01, options: OnlyOptions = {}): Penalty {
  known("l2", options, "only");
  notNegative("l2", "rate", rate);
  return penalty("l2", options, (w) => w.square().sum().mul(rate));
}
