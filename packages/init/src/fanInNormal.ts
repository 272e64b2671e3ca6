import type { Init } from "@tenon/contracts";
import { nothing } from "@tenon/guards";
import { initializer } from "./internal/initializer.js";
import { normal, scaled } from "./internal/scaled.js";

/**
 * Plain normal of standard deviation 1/√fan_in: the tutorial's N(0, 1/√n_in), whose second
 * parameter is read as the standard deviation.
 *
 * The sum of fan_in inputs of variance 1 has variance 1 again. The same as varianceScaling with a
 * scale of 1 and an uncut `"normal"`; `lecunNormal` is its form without far values.
 *
 * LeCun, Bottou, Orr & Müller (1998), Efficient BackProp, section 4.6. doi:10.1007/3-540-49430-8_2
 */
export function fanInNormal(): Init {
  nothing("fanInNormal", arguments);
  return initializer({ type: "fanInNormal" }, scaled(1, "fanIn", normal));
}
