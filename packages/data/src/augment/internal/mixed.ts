import type { Batch, Dataset, NDArray } from "@tenon/contracts";
import { badArgument, finite, known, made, positive, whole } from "@tenon/guards";
import { oneHot } from "../../oneHot.js";
import { beta } from "./beta.js";
import { changed, type RngOf } from "./changed.js";

/** What `mixup` and `cutmix` have in common. */
export interface MixOptions {
  /** How many classes there are, where targets are labels; they become one-hot. */
  readonly classes?: number;
  /**
   * How alike the parts are: λ is of the beta distribution B(α, α); of a small α, λ is close to 0
   * or 1.
   */
  readonly alpha?: number;
}

/** Mixes `other` into an image, in place; gives the fraction λ of the image that is left. */
export type Mix = (
  image: Float32Array,
  other: Float32Array,
  lambda: number,
  rng: () => number,
) => number;

/**
 * A dataset whose images are mixed with others of their batch, and targets with theirs: y ← λ y +
 * (1 − λ) y′. Weights of examples stay those of the image that was mixed into.
 */
export function mixed(
  name: string,
  dataset: Dataset,
  options: MixOptions,
  otherwise: number,
  mix: Mix,
): Dataset {
  const { classes, alpha = otherwise } = known(name, options, "classes alpha");
  made(name, "a dataset", dataset, "batches", "dataset({ x, y })");
  finite(name, "alpha", alpha);
  positive(name, "alpha", alpha);
  if (classes !== undefined) whole(name, "classes", classes, 2);
  const labels = dataset.y.shape.length === 0;
  if (labels !== (classes !== undefined))
    throw badArgument(
      name,
      labels ? "how many classes the labels have" : "no classes where targets are rows",
      classes ?? "no classes",
      labels ? "give the option classes, such as { classes: 10 }" : "leave classes out",
    );
  const y = { shape: labels ? [classes!] : dataset.y.shape, dtype: "float32" as const };
  const ofBatch = (batch: Batch, rngOf: RngOf): Batch => {
    const x = floats(batch.x);
    const targets = floats(labels ? oneHot(batch.y, classes!) : batch.y);
    if (!rngOf) return { ...batch, x, y: targets };
    const [images, rows] = [copyOf(x), copyOf(targets)];
    const n = x.shape[0];
    for (let k = 0; k < n; k++) {
      const rng = rngOf(k);
      const other = Math.floor(rng() * n);
      const lambda = mix(row(images, k), row(x, other), beta(rng, alpha), rng);
      const [own, others] = [row(rows, k), row(targets, other)];
      for (let c = 0; c < own.length; c++) own[c] = lambda * own[c] + (1 - lambda) * others[c];
    }
    return { ...batch, x: images, y: rows };
  };
  const given = { alpha, classes: classes ?? null };
  return changed(dataset, { name, given, y, of: () => ofBatch });
}

const copyOf = (array: NDArray): NDArray => ({ ...array, data: array.data.slice() });

/** The values of example k. */
function row({ shape, data }: NDArray, k: number): Float32Array {
  const width = data.length / shape[0];
  return (data as Float32Array).subarray(k * width, (k + 1) * width);
}

function floats({ shape, data }: NDArray): NDArray {
  return {
    shape,
    dtype: "float32",
    data: data[Symbol.toStringTag] === "Float32Array" ? data : Float32Array.from(data),
  };
}
