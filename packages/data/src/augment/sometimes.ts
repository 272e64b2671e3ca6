import { noOptions } from "@tenon/guards";
import type { Augmentation } from "./augmentation.js";
import { checkAugmentation } from "./internal/checkAugmentation.js";
import { checkProbability } from "./internal/probability.js";

/**
 * Changes an image with a probability, and leaves it as it is otherwise: `sometimes(rotate(30),
 * 0.1)`. A list of many, each of them sometimes, makes other mixtures in each epoch.
 *
 * torchvision: `RandomApply`; Keras: `RandAugment` of a list. Throws unless 0 ≤ probability ≤ 1.
 *
 * @param probability @defaultValue 0.5
 */
export function sometimes(augmentation: Augmentation, probability = 0.5): Augmentation {
  noOptions("sometimes", arguments[2]);
  checkAugmentation("sometimes", augmentation);
  checkProbability("sometimes", probability);
  const { warp, paint } = augmentation;
  return {
    type: "sometimes",
    ...(warp && { warp: (places, rng) => rng() < probability && warp(places, rng) }),
    ...(paint && { paint: (image, shape, rng) => rng() < probability && paint(image, shape, rng) }),
    toJSON: () => ({ type: "sometimes", args: [augmentation.toJSON(), probability] }),
  };
}
