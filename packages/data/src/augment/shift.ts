import { noOptions } from "@tenon/guards";
import type { Augmentation } from "./augmentation.js";
import { around, checkMost, move } from "./internal/affine.js";

/**
 * Moves an image by up to a fraction of its size, down or up and right or left: each uniform in
 * [−most, most) · size.
 *
 * Keras: `RandomTranslation`; torchvision: `RandomAffine(translate)`. Throws unless 0 ≤ most < 1.
 *
 * @param most of the height and of the width, such as 0.1; p pixels of w are p / w
 */
export function shift(most: number): Augmentation {
  noOptions("shift", arguments[1]);
  checkMost("shift", most);
  return {
    type: "shift",
    warp(places, rng) {
      const up = around(rng, most * places.height);
      const left = around(rng, most * places.width);
      move(places, { up, left });
    },
    toJSON: () => ({ type: "shift", args: [most] }),
  };
}
