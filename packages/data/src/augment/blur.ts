import { noOptions, notNegative } from "@tenon/guards";
import { exp } from "@tenon/random";
import type { Augmentation } from "./augmentation.js";

/**
 * Blurs an image with a Gaussian whose standard deviation is uniform in [0, most) pixels, as far as
 * three of them; beyond the edge are the pixels of the edge.
 *
 * Keras: `RandomGaussianBlur`; torchvision: `GaussianBlur`, which mirrors at the edge. Throws
 * unless 0 ≤ most < ∞.
 *
 * @param most in pixels, such as 1
 */
export function blur(most: number): Augmentation {
  noOptions("blur", arguments[1]);
  notNegative("blur", "most", most);
  let memory = new Float32Array(0);
  return {
    type: "blur",
    paint(image, [height, width, channels = 1], rng) {
      const weights = weightsOf(rng() * most);
      if (weights.length === 1) return;
      if (memory.length !== image.length) memory = new Float32Array(image.length);
      along(image, memory, weights, { lines: height, size: width, inner: channels });
      along(memory, image, weights, { lines: 1, size: height, inner: width * channels });
    },
    toJSON: () => ({ type: "blur", args: [most] }),
  };
}

/** Weights of the places −r … r that add up to 1. */
function weightsOf(std: number): Float64Array {
  const reach = Math.ceil(3 * std);
  const weights = Float64Array.from({ length: 2 * reach + 1 }, (_, i) =>
    reach === 0 ? 1 : exp(-(((i - reach) / std) ** 2) / 2),
  );
  const sum = weights.reduce((a, b) => a + b, 0);
  return weights.map((weight) => weight / sum);
}

/** A weighted mean along one axis of [lines, size, inner]. */
function along(
  from: Float32Array,
  to: Float32Array,
  weights: Float64Array,
  { lines, size, inner }: { readonly lines: number; readonly size: number; readonly inner: number },
): void {
  const reach = (weights.length - 1) / 2;
  for (let line = 0; line < lines; line++)
    for (let i = 0; i < size; i++)
      for (let k = 0; k < inner; k++) {
        let sum = 0;
        for (let w = 0; w < weights.length; w++) {
          const place = Math.min(size - 1, Math.max(0, i + w - reach));
          sum += weights[w] * from[(line * size + place) * inner + k];
        }
        to[(line * size + i) * inner + k] = sum;
      }
}
