import type { Batch, BatchOptions, Dataset, NDArray } from "@tenon/contracts";
import { badArgument, finite, known, list, oneOf, shown, whole } from "@tenon/guards";
import { permutation, random } from "@tenon/random";
import { dataset } from "./dataset.js";
import { asked, type Asked } from "./internal/asked.js";
import { paddedTo, sequencesOf } from "./internal/sequences.js";
import type { Sequence } from "./padded.js";

export interface BucketedOptions {
  /**
   * The lengths that batches may have, rising; the last one is that of the longest sequence, or
   * longer. @defaultValue powers of two from 8, and the length of the longest
   */
  readonly lengths?: readonly number[];
  /** What is put where a sequence has no values. @defaultValue 0 */
  readonly value?: number;
  /** Where it is put. @defaultValue "end" */
  readonly padding?: "start" | "end";
}

/**
 * A dataset of sequences of different lengths, x: a list of sequences, and their targets, y:
 * [count, …]. Batches are of sequences of similar length, padded to the smallest of `lengths` that
 * holds them all, so that little is computed for padding and few programs are compiled.
 *
 * With a seed, which sequences of a bucket meet in a batch and the order of the batches are drawn
 * from (seed, epoch); the batch that is not full is the last one. Without, they are sorted by their
 * bucket. `x.shape` is that of the longest. PyTorch: `BucketIterator`; TensorFlow:
 * `bucket_by_sequence_length`.
 *
 * Throws where there are not as many targets as sequences, or a sequence is longer than the last
 * length.
 */
export function bucketed(
  examples: { readonly x: readonly Sequence[]; readonly y: NDArray },
  options: BucketedOptions = {},
): Dataset {
  if (typeof examples !== "object" || examples === null)
    throw badArgument("bucketed", "{ x, y }", shown(examples));
  const { x, y } = known("bucketed", examples, "x y");
  const {
    lengths,
    value = 0,
    padding = "end",
  } = known("bucketed", options, "lengths value padding");
  const sequences = sequencesOf("bucketed", x);
  finite("bucketed", "value", value);
  oneOf("bucketed", "padding", padding, ["start", "end"]);
  const size = sequences.length;
  const limits = limitsOf(sequences, lengths);
  const buckets = sequences.map(({ shape }) => limits.findIndex((limit) => shape[0] <= limit));
  // All of them as one array: for targets, the identity and the dtype of x.
  const longest = paddedTo(sequences, limits[limits.length - 1], value, padding, "end");
  const all = dataset({ x: longest, y });
  const batchOf = (indices: readonly number[]): Batch => {
    const length = limits[Math.max(...indices.map((i) => buckets[i]))];
    const chosen = indices.map((i) => sequences[i]);
    const { shape, data } = paddedTo(chosen, length, value, padding, "end");
    const x: NDArray =
      longest.dtype === "int32"
        ? { shape, dtype: "int32", data: Int32Array.from(data) }
        : { shape, dtype: "float32", data: Float32Array.from(data) };
    return { x, y: all.gather(indices).y };
  };
  return {
    size,
    x: all.x,
    y: all.y,
    identity: async (digest) => `${await all.identity(digest)} in lengths ${limits.join()}`,
    batches(options: BatchOptions) {
      const asking = asked(size, options);
      const groups = groupsOf(buckets, asking).slice(asking.from, asking.count);
      return {
        *[Symbol.iterator]() {
          for (const group of groups) yield batchOf(group);
        },
      };
    },
  };
}

/** The lengths that batches may have. */
function limitsOf(sequences: readonly NDArray[], given?: readonly number[]): readonly number[] {
  const longest = Math.max(1, ...sequences.map(({ shape }) => shape[0]));
  if (given === undefined) {
    const limits: number[] = [];
    for (let length = 8; length < longest; length *= 2) limits.push(length);
    return [...limits, longest];
  }
  list("bucketed", "lengths", given);
  given.forEach((length, i) => whole("bucketed", `length ${i}`, length, (given[i - 1] ?? 0) + 1));
  if (!(given[given.length - 1] >= longest))
    throw badArgument(
      "bucketed",
      `a last length ≥ ${longest}, the longest sequence's`,
      shown(given),
    );
  return given;
}

/** The examples of each batch of an epoch. */
function groupsOf(buckets: readonly number[], { batchSize, epoch, seed }: Asked): number[][] {
  const size = buckets.length;
  const rng = seed === undefined ? undefined : random(seed).split("bucketed").split(epoch);
  const order = rng ? [...permutation(rng, size)] : buckets.map((_, i) => i);
  // What does not fill a batch is drawn from all lengths.
  const rest = rng ? order.splice(size - (size % batchSize)) : [];
  order.sort((a, b) => buckets[a] - buckets[b]); // stable
  const full = Array.from({ length: Math.ceil(order.length / batchSize) }, (_, k) =>
    order.slice(k * batchSize, (k + 1) * batchSize),
  );
  const groups = rng ? Array.from(permutation(rng, full.length), (k) => full[k]) : full;
  return rest.length > 0 ? [...groups, rest] : groups;
}
