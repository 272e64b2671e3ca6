import type { Init } from "@tenon/contracts";
import { known } from "@tenon/guards";
import { finite } from "./internal/guards.js";
import { initializer } from "./internal/initializer.js";

export interface ConstantOptions {
  readonly value: number;
}

/**
 * The same value everywhere. Throws a RangeError unless it is finite. Keras `Constant`, PyTorch
 * `constant_`.
 */
export function constant(options: ConstantOptions): Init {
  const { value } = known("constant", options, "value");
  finite("constant", "value", value);
  return initializer({ type: "constant", value }, (values) => {
    values.fill(value);
  });
}
