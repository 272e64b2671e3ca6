import { badArgument, finite, known, shown } from "@tenon/guards";
import { exp, log } from "@tenon/random";
import type { Augmentation } from "./augmentation.js";
import { checkProbability } from "./internal/probability.js";

export interface EraseOptions {
  /** How often an image is changed. @defaultValue 0.5 */
  readonly probability?: number;
  /** The smallest and the largest fraction of the image. @defaultValue [0.02, 0.33] */
  readonly area?: readonly [number, number];
  /** The smallest and the largest ratio of width to height. @defaultValue [0.3, 1 / 0.3] */
  readonly ratio?: readonly [number, number];
  /** What the rectangle is filled with. @defaultValue 0 */
  readonly value?: number;
}

/**
 * Fills a random rectangle with one value, so that a network does not rely on one part: its area
 * uniform, the logarithm of its ratio uniform, its place uniform among those inside of the image.
 *
 * Zhong, Zheng, Kang, Li & Yang (2020), Random erasing data augmentation. arXiv:1708.04896. Keras:
 * `RandomErasing`; torchvision: `RandomErasing`, with these defaults. Throws where a range is not
 * one of positive values, or an area above 1.
 */
export function erase(options: EraseOptions = {}): Augmentation {
  const {
    probability = 0.5,
    area = [0.02, 0.33],
    ratio = [0.3, 1 / 0.3],
    value = 0,
  } = known("erase", options, "probability area ratio value");
  checkProbability("erase", probability);
  checkRange("area", area, 1);
  checkRange("ratio", ratio, Number.MAX_VALUE);
  finite("erase", "value", value);
  return {
    type: "erase",
    paint(image, [height, width, channels], rng) {
      const [often, part, form, down, right] = [rng(), rng(), rng(), rng(), rng()];
      if (often >= probability) return;
      const pixels = (area[0] + part * (area[1] - area[0])) * height * width;
      const aspect = exp(log(ratio[0]) + form * log(ratio[1] / ratio[0]));
      const tall = Math.max(1, Math.min(height, Math.round(Math.sqrt(pixels / aspect))));
      const wide = Math.max(1, Math.min(width, Math.round(Math.sqrt(pixels * aspect))));
      const top = Math.floor(down * (height - tall + 1));
      const left = Math.floor(right * (width - wide + 1));
      for (let y = top; y < top + tall; y++)
        image.fill(value, (y * width + left) * channels, (y * width + left + wide) * channels);
    },
    toJSON: () => ({ type: "erase", args: [{ probability, area, ratio, value }] }),
  };
}

function checkRange(what: string, range: readonly [number, number], most: number): void {
  const [low, high] = Array.isArray(range) ? (range as readonly number[]) : [];
  if (!Number.isFinite(low) || !Number.isFinite(high) || !(0 < low && low <= high && high <= most))
    throw badArgument("erase", `${what} as [least, most], 0 < least ≤ most`, shown(range));
}
