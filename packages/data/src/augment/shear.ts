import { badArgument, noOptions, shown } from "@tenon/guards";
import { cos, sin } from "@tenon/random";
import type { Augmentation } from "./augmentation.js";
import { about, around } from "./internal/affine.js";

/**
 * Slants an image about its center, as italics are: each row moves sideways by its distance from
 * the middle times tan φ, φ uniform in [−most, most) degrees.
 *
 * Keras: `RandomShear`, of factors; torchvision: `RandomAffine(shear)`. Throws unless 0 ≤ most <
 * 90.
 *
 * @param most in degrees, such as 10
 */
export function shear(most: number): Augmentation {
  noOptions("shear", arguments[1]);
  if (typeof most !== "number" || !(most >= 0 && most < 90))
    throw badArgument("shear", "most in [0, 90) degrees", shown(most));
  return {
    type: "shear",
    warp(places, rng) {
      const angle = around(rng, (most * Math.PI) / 180);
      about(places, [1, 0, sin(angle) / cos(angle), 1]);
    },
    toJSON: () => ({ type: "shear", args: [most] }),
  };
}
