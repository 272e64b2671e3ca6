import { noOptions, notNegative } from "@tenon/guards";
import type { Augmentation } from "./augmentation.js";
import { around } from "./internal/affine.js";

/**
 * Stretches the values of each channel about their mean, or draws them together: m + (x − m) · f,
 * with f uniform in [1 − most, 1 + most).
 *
 * Keras: `RandomContrast`; torchvision: `ColorJitter(contrast)`, about the mean of all channels.
 * Throws unless 0 ≤ most < ∞.
 *
 * @param most such as 0.3
 */
export function contrast(most: number): Augmentation {
  noOptions("contrast", arguments[1]);
  notNegative("contrast", "most", most);
  return {
    type: "contrast",
    paint(image, [, , channels = 1], rng) {
      const factor = 1 + around(rng, most);
      for (let channel = 0; channel < channels; channel++) {
        let sum = 0;
        for (let i = channel; i < image.length; i += channels) sum += image[i];
        const mean = (sum * channels) / image.length;
        for (let i = channel; i < image.length; i += channels)
          image[i] = mean + (image[i] - mean) * factor;
      }
    },
    toJSON: () => ({ type: "contrast", args: [most] }),
  };
}
