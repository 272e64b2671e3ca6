import type { Transform } from "@tenon/contracts";
import { nothing } from "@tenon/guards";
import { needed } from "./internal/optional.js";
import { perParameter, scalar } from "./internal/perParameter.js";

/**
 * Replaces each NaN of a gradient by 0, and counts the steps in which a parameter had one: the slot
 * `"zeroNans/steps"`, by parameter.
 *
 * optax' `zero_nans`. Arrays need the methods `equal` and `where`. Infinities stay; `skipNonFinite`
 * leaves whole steps out. `fit` takes a step with NaN in its gradients only with one of the two.
 */
export function zeroNans(): Transform {
  nothing("zeroNans", arguments);
  return perParameter("zeroNans", { steps: scalar(0) }, {}, ({ g, steps }) => {
    const isNumber = needed("zeroNans", g, "equal")(g);
    const kept = needed("zeroNans", g, "where")(isNumber, steps.mul(0));
    // 1 where it is a number, 0 where not.
    const ones = needed("zeroNans", steps.mul(0).add(1), "where")(isNumber, steps.mul(0));
    return { g: kept, steps: steps.add(ones.sub(1).abs().sum().sign()) };
  });
}
