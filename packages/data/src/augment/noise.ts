import { noOptions, notNegative } from "@tenon/guards";
import { normal } from "@tenon/random";
import type { Augmentation } from "./augmentation.js";

/**
 * Adds a normal value to each element: x + N(0, std²), one of 65,536 quantiles.
 *
 * Keras: `RandomGaussianNoise`; torchvision: `GaussianNoise`. Throws unless 0 ≤ std < ∞.
 *
 * @param std in the units of the dataset, such as 0.05 of images in [0, 1]
 */
export function noise(std: number): Augmentation {
  noOptions("noise", arguments[1]);
  notNegative("noise", "std", std);
  let quantiles: Float32Array | undefined;
  return {
    type: "noise",
    paint(image, _, rng) {
      quantiles ??= Float32Array.from({ length: 65536 }, (_, i) =>
        normal(() => (i + 0.5) / 65536, 0, std),
      );
      // A number has 53 random bits: 16 for each of three elements.
      for (let i = 0; i < image.length;) {
        let bits = Math.floor(rng() * 0x1000000000000);
        for (let k = 0; k < 3 && i < image.length; k++, i++) {
          const rest = Math.floor(bits / 65536);
          image[i] += quantiles[bits - 65536 * rest];
          bits = rest;
        }
      }
    },
    toJSON: () => ({ type: "noise", args: [std] }),
  };
}
