import type { Init } from "@tenon/contracts";
import { initializer } from "./internal/initializer.js";

/** 0 everywhere: what biases start with. */
export function zeros(): Init {
  return initializer({ type: "zeros" }, () => {});
}
