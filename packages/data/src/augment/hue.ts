import { noOptions, notNegative } from "@tenon/guards";
import { cos, sin } from "@tenon/random";
import type { Augmentation } from "./augmentation.js";
import { around } from "./internal/affine.js";
import { recolor, type ColorMatrix } from "./internal/colors.js";

/**
 * Turns the colors of an image by an angle uniform in [−most, most) degrees, red towards yellow or
 * towards violet; greys and brightness stay, in any units.
 *
 * The turn of `hue-rotate` (CSS Filter Effects, 2018, section 8.5). Keras: `RandomHue`;
 * torchvision: `ColorJitter(hue)`, which turn within HSV, by fractions of half or of a whole turn.
 * Values are not cut off. Throws unless 0 ≤ most < ∞, and where images have not three channels.
 *
 * @param most in degrees, such as 20
 */
export function hue(most: number): Augmentation {
  noOptions("hue", arguments[1]);
  notNegative("hue", "most", most);
  return {
    type: "hue",
    paint: (image, shape, rng) =>
      recolor("hue", image, shape, turned(around(rng, (most * Math.PI) / 180))),
    toJSON: () => ({ type: "hue", args: [most] }),
  };
}

/** Brightness + cos φ · (color − brightness) + sin φ · what is a quarter turn from it. */
function turned(angle: number): ColorMatrix {
  const [s, c] = [sin(angle), cos(angle)];
  return brightness.map((part, i) => part + c * ((i % 4 === 0 ? 1 : 0) - part) + s * quarter[i]);
}

const brightness = [0.213, 0.715, 0.072, 0.213, 0.715, 0.072, 0.213, 0.715, 0.072] as const;
const quarter = [-0.213, -0.715, 0.928, 0.143, 0.14, -0.283, -0.787, 0.715, 0.072] as const;
