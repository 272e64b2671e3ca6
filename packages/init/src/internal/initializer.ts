import type { Description, Init, Rng, Shape } from "@tenon/contracts";
import { badArgument, inNameOf, list } from "@tenon/guards";

/**
 * An Init that fills an array of the shape's size, with its description in JSON. An error about its
 * arguments names it, not the distribution that it draws from.
 */
export function initializer(
  description: Description,
  fill: (values: Float32Array, shape: Shape, rng: Rng) => void,
): Init {
  function init(shape: Shape, rng: Rng): Float32Array {
    list(description.type, "shape", shape);
    let size = 1;
    for (const length of shape) {
      if (!Number.isSafeInteger(length) || length < 0) {
        throw badArgument(description.type, "a shape of integers ≥ 0", `[${shape.join(", ")}]`);
      }
      size *= length;
    }
    const values = new Float32Array(size);
    inNameOf(description.type, () => fill(values, shape, rng));
    return values;
  }
  return Object.assign(init, { toJSON: (): Description => description });
}
