import type { Shape, Transform } from "@tenon/contracts";
import { callable, noOptions } from "@tenon/guards";
import { masked } from "./masked.js";
import { scale } from "./scale.js";

/**
 * Keeps some parameters as they are, last in the chain: `chain(adam(), freeze((path) =>
 * path.startsWith("encoder/")))`. optax' `freeze`, Keras' `trainable = False`.
 *
 * @param frozen the parameters that stay, by path and shape
 * @throws RangeError if it is not a function
 */
export function freeze(frozen: (path: string, shape: Shape) => boolean): Transform {
  noOptions("freeze", arguments[1]);
  callable("freeze", "frozen", frozen);
  return { ...masked(scale(0), frozen), name: "freeze" };
}
