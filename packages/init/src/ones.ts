import type { Init } from "@tenon/contracts";
import { nothing } from "@tenon/guards";
import { initializer } from "./internal/initializer.js";

/** 1 everywhere: what the scale of a normalization starts with. Keras `Ones`, PyTorch `ones_`. */
export function ones(): Init {
  nothing("ones", arguments);
  return initializer({ type: "ones" }, (values) => {
    values.fill(1);
  });
}
