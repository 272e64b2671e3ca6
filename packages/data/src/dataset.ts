import type {
  ArraySpec,
  Batch,
  BatchOptions,
  Dataset,
  Digest,
  Elements,
  NDArray,
  Shape,
} from "@tenon/contracts";
import { badArgument, known, shown, sizeOf } from "@tenon/guards";
import { checkArray, checkIntegers, checkLabels } from "./internal/check.js";
import { view } from "./internal/view.js";
import type { Scaling } from "./scaling.js";

/** Memory that successive batches may reuse: of rows as they are stored, and in other units. */
export interface BatchMemory {
  plain?: Elements;
  floats?: Float32Array;
}

/** The units of x in batches: `rescale` makes them of a scaling. */
export interface Units {
  readonly scale: Scaling;
  /** Follows the digest of the stored values in the identity. */
  readonly identity: string;
  /** Rows of an array in these units, float32. `memory`: memory that they may use. */
  rows(source: NDArray, places: Uint32Array, memory: BatchMemory): NDArray;
}

/**
 * A dataset whose examples are all in memory: batches are available synchronously, and examples can
 * be read by index.
 */
export interface InMemoryDataset extends Dataset {
  /** All examples of the arrays that the dataset was made from, the first axis counting them. */
  readonly source: Batch;
  /** Which of them the dataset holds; absent where it holds all, in the order of the arrays. */
  readonly order?: Uint32Array;
  /** Absent where the values are not scaled. */
  readonly units?: Units;
  /** Shape and kind of one example, without the batch axis: float32 where it is scaled. */
  readonly x: ArraySpec;
  /**
   * Each batch is a fresh pair of arrays, the caller's to keep, unless it sets `reuse`: then x is
   * in the same memory as in the previous batch.
   */
  batches(options: BatchOptions): Iterable<Batch>;
  /** The digest of all values as they are stored, and of the scaling. */
  identity(digest: Digest): Promise<string>;
  /** These examples, counted from 0 in this dataset, in this order. */
  gather(indices: ArrayLike<number>): Batch;
}

export interface DatasetOptions {
  /**
   * Shape of one example where the array does not say it, such as [28, 28, 1] for [60000, 28, 28].
   * @defaultValue as in x
   */
  readonly exampleShape?: Shape;
  /** Checks that labels are whole numbers in [0, classes). @defaultValue no check */
  readonly classes?: number;
}

/**
 * A dataset of examples in memory, x: [count, …], and their targets, y: [count, …].
 *
 * Batches hold x in its own kind, or as float32 where `rescale` has given it other units, and y as
 * Int32Array where it is int32. Bytes stay bytes in memory, and are scaled as batches are gathered;
 * an engine for GPUs may copy them to its device once, so they are not to be changed. With a seed,
 * the order of an epoch is a permutation drawn from (seed, epoch) alone; so a resumed run gets the
 * same batch `from` as one that was never stopped.
 *
 * Throws where the counts differ or are 0, an array does not fit its shape or the example's, a
 * label is out of range, or, in `batches`, a batch size, an epoch or the number of a first batch is
 * invalid.
 */
export function dataset(
  arrays: Pick<Batch, "x" | "y">,
  options: DatasetOptions = {},
): InMemoryDataset {
  if (typeof arrays !== "object" || arrays === null)
    throw badArgument("dataset", "{ x, y }", shown(arrays));
  // a part of readIdxFolder says its files
  const { x, y } = known("dataset", arrays, "x y", "files");
  const { exampleShape, classes } = known("dataset", options, "exampleShape classes");
  checkArray("dataset: x", x);
  checkArray("dataset: y", y);
  checkIntegers("dataset: x", x);
  checkIntegers("dataset: y", y);
  const [count] = x.shape;
  if (count !== y.shape[0])
    throw badArgument(
      "dataset",
      "as many targets as examples",
      `${count} examples and ${y.shape[0]} targets`,
    );
  if (count === 0) throw badArgument("dataset", "at least one example", "none");
  if (classes !== undefined) checkLabels("dataset", y, classes);
  if (
    exampleShape !== undefined &&
    !(
      Array.isArray(exampleShape) &&
      [...exampleShape].every((size) => Number.isSafeInteger(size) && size >= 0)
    )
  )
    throw badArgument("dataset", "exampleShape as a list of integers ≥ 0", shown(exampleShape));
  const shape = exampleShape ?? x.shape.slice(1);
  const storedShape = x.shape.slice(1);
  if (sizeOf(shape) !== sizeOf(storedShape)) {
    throw badArgument(
      "dataset",
      `an exampleShape of ${sizeOf(storedShape)} values, as [${storedShape.join(", ")}] has`,
      `[${shape.join(", ")}] of ${sizeOf(shape)}`,
    );
  }
  const examples: NDArray = { shape: [count, ...shape], dtype: x.dtype, data: x.data };
  return view("dataset", { x: examples, y }, undefined, undefined);
}
