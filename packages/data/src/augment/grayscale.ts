import { noOptions } from "@tenon/guards";
import type { Augmentation } from "./augmentation.js";
import { recolor, saturated } from "./internal/colors.js";
import { checkProbability } from "./internal/probability.js";

/**
 * Takes the colors of an image away with a probability: each channel becomes 0.299 red + 0.587
 * green + 0.114 blue.
 *
 * Keras, torchvision: `RandomGrayscale`. Throws unless 0 ≤ probability ≤ 1, and where images have
 * not three channels.
 *
 * @param probability @defaultValue 0.1
 */
export function grayscale(probability = 0.1): Augmentation {
  noOptions("grayscale", arguments[1]);
  checkProbability("grayscale", probability);
  return {
    type: "grayscale",
    paint(image, shape, rng) {
      if (rng() < probability) recolor("grayscale", image, shape, saturated(0));
    },
    toJSON: () => ({ type: "grayscale", args: [probability] }),
  };
}
