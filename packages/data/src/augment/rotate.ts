import { noOptions, notNegative } from "@tenon/guards";
import { cos, sin } from "@tenon/random";
import type { Augmentation } from "./augmentation.js";
import { about, around } from "./internal/affine.js";

/**
 * Turns an image about its center, by an angle uniform in [−most, most) degrees.
 *
 * Keras: `RandomRotation`, of fractions of a turn; torchvision: `RandomRotation`. Throws unless 0 ≤
 * most < ∞.
 *
 * @param most in degrees, such as 10
 */
export function rotate(most: number): Augmentation {
  noOptions("rotate", arguments[1]);
  notNegative("rotate", "most", most);
  return {
    type: "rotate",
    warp(places, rng) {
      const angle = around(rng, (most * Math.PI) / 180);
      const [s, c] = [sin(angle), cos(angle)];
      about(places, [c, s, -s, c]);
    },
    toJSON: () => ({ type: "rotate", args: [most] }),
  };
}
