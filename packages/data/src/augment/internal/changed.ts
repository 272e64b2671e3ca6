import type { ArraySpec, Batch, BatchOptions, Dataset, Digest, Json } from "@tenon/contracts";
import { hashString, random, type RandomSource } from "@tenon/random";
import { eachBatch } from "../../internal/eachBatch.js";

/** How a dataset is changed at random. */
export interface Change {
  /** The name of the change: of its random numbers, and in the identity. */
  readonly name: string;
  /** What it depends on, for the identity. */
  readonly given: Json;
  /** Shape and dtype of the changed targets. */
  readonly y: ArraySpec;
  /**
   * Makes a function that changes one batch after the other; `reuse` as in the options of batches.
   */
  of(reuse: boolean): (batch: Batch, rngOf: RngOf) => Batch;
}

/**
 * The source of example k of a batch, a function of the seed, the epoch and the position in the
 * epoch's order; undefined without a seed, where nothing is random.
 */
export type RngOf = ((k: number) => RandomSource) | undefined;

/** The same examples, changed: x has the same shape, and is float32. */
export function changed(dataset: Dataset, { name, given, y, of }: Change): Dataset {
  return {
    size: dataset.size,
    x: { shape: dataset.x.shape, dtype: "float32" },
    y,
    ...(dataset.weights && { weights: dataset.weights }),
    ...(dataset.identity && {
      async identity(digest: Digest) {
        const hash = hashString(JSON.stringify([name, given])) >>> 0;
        return `${await dataset.identity!(digest)}-${hash.toString(16)}`;
      },
    }),
    batches(options: BatchOptions) {
      const source = dataset.batches(options); // which checks the options
      const { batchSize, epoch = 0, seed, from = 0, reuse = false } = options;
      const rng = seed === undefined ? undefined : random(seed).split(name).split(epoch);
      const change = of(reuse);
      return eachBatch(source, (batch, i) => {
        const first = (from + i) * batchSize;
        return change(batch, rng && ((k) => rng.split(first + k)));
      });
    },
  };
}
