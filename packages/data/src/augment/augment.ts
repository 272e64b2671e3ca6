import type { Dataset, NDArray } from "@tenon/contracts";
import { badArgument, finite, known, list, made, sizeOf } from "@tenon/guards";
import type { RandomSource } from "@tenon/random";
import type { Augmentation } from "./augmentation.js";
import { changed } from "./internal/changed.js";
import { checkAugmentation } from "./internal/checkAugmentation.js";
import { resampler, type Pixels } from "./internal/resampler.js";

export interface AugmentOptions {
  /** The value of pixels from beyond the edge, in the units of the dataset. @defaultValue 0 */
  readonly fill?: number;
}

/**
 * The same examples, each changed at random in each epoch: `augment(train, [shift(0.1),
 * rotate(10)])`.
 *
 * Images [height, width, channels] (or [height, width]); x is float32. What is drawn is a function
 * of the seed, the epoch and the example's position in the epoch's order, so that a resumed run
 * repeats it, and that it does not depend on batches. Batches without a seed, such as those of
 * `evaluate`, hold the images as they are. Warps in a row (`shift`, `rotate`, …) are one bilinear
 * interpolation.
 *
 * Throws unless examples are images and the list holds augmentations.
 */
export function augment(
  dataset: Dataset,
  augmentations: readonly Augmentation[],
  options: AugmentOptions = {},
): Dataset {
  const { fill = 0 } = known("augment", options, "fill");
  made("augment", "a dataset", dataset, "batches", "dataset({ x, y })");
  list("augment", "augmentations", augmentations);
  for (const augmentation of augmentations) checkAugmentation("augment", augmentation);
  finite("augment", "fill", fill);
  const { shape } = dataset.x;
  if (shape.length !== 2 && shape.length !== 3)
    throw badArgument(
      "augment",
      "images [height, width, channels]",
      `[${shape.join(", ")}]`,
      "give the dataset an exampleShape",
    );
  const [height, width, channels = 1] = shape as readonly [number, number, number?];
  const size = sizeOf(shape);
  const resample = resampler([height, width, channels], fill);
  const stages = stagesOf(augmentations);
  const change = (image: Float32Array, rng: RandomSource, source?: Pixels): void => {
    let pixels = source ?? { of: image, from: 0 };
    for (const { warps, paint, first } of stages) {
      if (paint) paint(image, [height, width, channels], rng.split(first));
      else resample(pixels, image, warps, (i) => rng.split(first + i));
      pixels = { of: image, from: 0 };
    }
  };
  return changed(dataset, {
    name: "augment",
    given: [augmentations.map((augmentation) => augmentation.toJSON()), fill],
    y: dataset.y,
    of(reuse) {
      let memory = new Float32Array(0);
      return (batch, rngOf) => {
        const { x } = batch;
        const length = sizeOf(x.shape);
        if (!reuse || memory.length !== length) memory = new Float32Array(length);
        // Warps that are first read images where they are; all else finds them copied.
        const source = rngOf && stages[0]?.warps.length > 0 ? imagesOf(x, size) : undefined;
        if (!source) memory.set(x.data);
        for (let k = 0; rngOf && k < x.shape[0]; k++)
          change(memory.subarray(k * size, (k + 1) * size), rngOf(k), source?.(k));
        return { ...batch, x: { shape: x.shape, dtype: "float32", data: memory } };
      };
    },
  });
}

/** Where the pixels of each image of a batch are: bytes, where these encode them. */
function imagesOf(x: NDArray, size: number): (k: number) => Pixels {
  const encoded = x.encoded?.();
  if (encoded?.palette.length !== 256) return (k) => ({ of: x.data, from: k * size });
  const { palette, rows } = encoded;
  if (rows) return (k) => ({ of: rows.of, from: rows.indices[k] * size, palette });
  return (k) => ({ of: encoded.bytes, from: k * size, palette });
}

/** Warps in a row, or one that paints; `first` is the position among all augmentations. */
interface Stage {
  readonly warps: Augmentation[];
  readonly paint?: NonNullable<Augmentation["paint"]>;
  readonly first: number;
}

function stagesOf(augmentations: readonly Augmentation[]): readonly Stage[] {
  const stages: Stage[] = [];
  augmentations.forEach(({ warp, paint }, i) => {
    const last = stages.at(-1);
    if (paint) stages.push({ warps: [], paint, first: i });
    else if (last && !last.paint) last.warps.push(augmentations[i]);
    else if (warp) stages.push({ warps: [augmentations[i]], first: i });
  });
  return stages;
}
