import { noOptions, notNegative } from "@tenon/guards";
import type { Augmentation } from "./augmentation.js";
import { around } from "./internal/affine.js";

/**
 * Moves an image by up to a fraction of its size, down or up and right or left: each uniform in
 * [−most, most) · size.
 *
 * Keras: `RandomTranslation`; torchvision: `RandomAffine(translate)`. Throws unless 0 ≤ most < ∞.
 *
 * @param most of the height and of the width, such as 0.1
 */
export function shift(most: number): Augmentation {
  noOptions("shift", arguments[1]);
  notNegative("shift", "most", most);
  return {
    type: "shift",
    warp({ rows, columns, height, width }, rng) {
      const down = around(rng, most * height);
      const right = around(rng, most * width);
      for (let i = 0; i < rows.length; i++) {
        rows[i] -= down;
        columns[i] -= right;
      }
    },
    toJSON: () => ({ type: "shift", args: [most] }),
  };
}
