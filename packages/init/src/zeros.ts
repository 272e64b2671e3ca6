import type { Init } from "@tenon/contracts";
import { nothing } from "@tenon/guards";
import { initializer } from "./internal/initializer.js";

/** 0 everywhere: what biases start with. Keras `Zeros`, PyTorch `zeros_`. */
export function zeros(): Init {
  nothing("zeros", arguments);
  return initializer({ type: "zeros" }, () => {});
}
