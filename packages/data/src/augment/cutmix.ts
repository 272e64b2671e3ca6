import type { Dataset } from "@tenon/contracts";
import { badArgument } from "@tenon/guards";
import { mixed, type MixOptions } from "./internal/mixed.js";

/** `alpha` is 1 unless given. */
export interface CutmixOptions extends MixOptions {}

/**
 * The same images, each with a rectangle of another image of its batch in it; targets are mixed by
 * area: y ← λ y + (1 − λ) y′, 1 − λ being the rectangle's fraction of the image.
 *
 * The rectangle has the image's proportions, its center is uniform, and what is beyond the edge is
 * cut off; its area before that is 1 − λ, λ of the beta distribution B(α, α). Targets become rows
 * of probabilities, [classes]; otherwise as `mixup`. Keras: `CutMix`; torchvision: `CutMix`.
 *
 * Yun et al. (2019), CutMix: regularization strategy to train strong classifiers, section 3.1.
 * arXiv:1905.04899
 */
export function cutmix(dataset: Dataset, options: CutmixOptions = {}): Dataset {
  const { shape = [] } = dataset?.x ?? {};
  const [height = 0, width = 0, channels = 1] = shape;
  const cut = mixed("cutmix", dataset, options, 1, (image, other, lambda, rng) => {
    const side = Math.sqrt(1 - lambda);
    const [top, bottom] = range(rng(), side, height);
    const [left, right] = range(rng(), side, width);
    for (let y = top; y < bottom; y++) {
      const [from, to] = [(y * width + left) * channels, (y * width + right) * channels];
      image.set(other.subarray(from, to), from);
    }
    return 1 - ((bottom - top) * (right - left)) / (height * width);
  });
  if (shape.length !== 2 && shape.length !== 3)
    throw badArgument("cutmix", "images [height, width, channels]", `[${shape.join(", ")}]`);
  return cut;
}

/** The pixels of a line that a part of it covers, by its center, in [0, 1). */
function range(center: number, part: number, size: number): readonly [number, number] {
  const middle = Math.floor(center * size);
  const half = (part * size) / 2;
  return [Math.max(0, Math.floor(middle - half)), Math.min(size, Math.floor(middle + half))];
}
