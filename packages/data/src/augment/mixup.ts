import type { Dataset } from "@tenon/contracts";
import { mixed, type MixOptions } from "./internal/mixed.js";

/** `alpha` is 0.2 unless given. */
export interface MixupOptions extends MixOptions {}

/**
 * The same examples, each mixed with another of its batch: x ← λ x + (1 − λ) x′, y ← λ y + (1 − λ)
 * y′, λ of the beta distribution B(α, α).
 *
 * Targets become rows of probabilities, [classes]. What is drawn is a function of the seed, the
 * epoch, and the position in the epoch's order; the other example is one of the same batch. Batches
 * without a seed are not mixed. Keras: `MixUp`; torchvision: `MixUp`, with α = 1.
 *
 * Zhang, Cissé, Dauphin & Lopez-Paz (2018), mixup: beyond empirical risk minimization, eq. 1.
 * arXiv:1710.09412
 */
export function mixup(dataset: Dataset, options: MixupOptions = {}): Dataset {
  return mixed("mixup", dataset, options, 0.2, (image, other, lambda) => {
    for (let i = 0; i < image.length; i++) image[i] = lambda * image[i] + (1 - lambda) * other[i];
    return lambda;
  });
}
