import type { Init } from "@tenon/contracts";
import { finite } from "./internal/guards.js";
import { initializer } from "./internal/initializer.js";

export interface ConstantOptions {
  readonly value: number;
}

/** The same number everywhere. Throws a RangeError unless it is finite. */
export function constant({ value }: ConstantOptions): Init {
  finite("constant", "value", value);
  return initializer({ type: "constant", value }, (values) => { values.fill(value); });
}
