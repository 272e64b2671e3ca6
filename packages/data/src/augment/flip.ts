import { noOptions, oneOf } from "@tenon/guards";
import type { Augmentation } from "./augmentation.js";
import { about } from "./internal/affine.js";
import { checkProbability } from "./internal/probability.js";

/**
 * Mirrors an image with a probability: `"horizontal"` exchanges left and right, `"vertical"` top
 * and bottom.
 *
 * Keras: `RandomFlip`; torchvision: `RandomHorizontalFlip`, `RandomVerticalFlip`. Throws unless 0 ≤
 * probability ≤ 1.
 *
 * @param probability @defaultValue 0.5
 */
export function flip(direction: "horizontal" | "vertical", probability = 0.5): Augmentation {
  noOptions("flip", arguments[2]);
  oneOf("flip", "direction", direction, ["horizontal", "vertical"]);
  checkProbability("flip", probability);
  const [down, right] = direction === "vertical" ? [-1, 1] : [1, -1];
  return {
    type: "flip",
    warp(places, rng) {
      if (rng() < probability) about(places, [down, 0, 0, right]);
    },
    toJSON: () => ({ type: "flip", args: [direction, probability] }),
  };
}
