import type { ArraySpec, Batch, BatchOptions } from "@tenon/contracts";
import { badArgument, callable, known, shown, whole } from "@tenon/guards";
import { integer, random } from "@tenon/random";
import { asked } from "./internal/asked.js";
import { stacked } from "./internal/examples.js";
import type { AsyncDataset } from "./prefetch.js";

/**
 * Examples one by one: arrays x and y without a batch axis, and where they are weighed, weights [].
 */
export type Examples = Iterable<Batch> | AsyncIterable<Batch>;

export interface GeneratedOptions {
  /**
   * How many examples an epoch has; of a source that goes on for ever, how many are taken.
   * @defaultValue all are counted, once, in epoch 0
   */
  readonly size?: number;
  /**
   * How many examples wait in a buffer, from which each next one is drawn where `batches` is given
   * a seed; as in TensorFlow.js' `shuffle`. @defaultValue 1024
   */
  readonly buffer?: number;
  /** A short text that identifies the examples, for checkpoints. @defaultValue none */
  readonly identity?: string;
}

/**
 * A dataset of the examples that a function makes for each epoch: a generator, an array, or what
 * arrives from a file or a network. It keeps at most `buffer` examples and a batch in memory.
 *
 * The function is given the number of the epoch and must make the same examples each time it is
 * given the same one, since a resumed run asks again and skips what it has seen. It is called once
 * at the beginning, for the shape of the first example.
 *
 * Rejects where there is no example. `batches` throws where an epoch has fewer examples than
 * `size`, or examples differ in shape or dtype. TensorFlow.js: `tf.data.generator`; Keras:
 * `PyDataset`; PyTorch: `IterableDataset`.
 */
export async function generated(
  make: (epoch: number) => Examples,
  options: GeneratedOptions = {},
): Promise<AsyncDataset> {
  const { size, buffer = 1024, identity } = known("generated", options, "size buffer identity");
  callable("generated", "make", make);
  if (size !== undefined) whole("generated", "size", size, 1);
  whole("generated", "buffer", buffer, 1);
  if (identity !== undefined && typeof identity !== "string")
    throw badArgument("generated", "identity as text", shown(identity));
  let first: Batch | undefined;
  let count = 0;
  for await (const example of made(make, 0)) {
    first ??= stacked("generated", [example]);
    count++;
    if (size !== undefined) break;
  }
  if (first === undefined) throw badArgument("generated", "at least one example", "none");
  const total = size ?? count;
  return {
    size: total,
    x: specOf(first.x),
    y: specOf(first.y),
    ...(first.weights && { weights: specOf(first.weights) }),
    ...(identity !== undefined && { identity: () => identity }),
    batches(options: BatchOptions) {
      const { batchSize, epoch, seed, from, count } = asked(total, options);
      const examples = taken(made(make, epoch), total);
      const order =
        seed === undefined ? examples : shuffled(examples, buffer, orderOf(seed, epoch));
      return batched(order, { batchSize, from, count });
    },
  };
}

const orderOf = (seed: number, epoch: number): (() => number) =>
  random(seed).split("order").split(epoch);

const specOf = ({ shape: [, ...shape], dtype }: Required<ArraySpec>): ArraySpec => ({
  shape,
  dtype,
});

/** What the function makes of an epoch. Throws unless that can be iterated over. */
function made(make: (epoch: number) => Examples, epoch: number): Examples {
  const examples = make(epoch);
  if (
    typeof (examples as Partial<AsyncIterable<Batch>>)?.[Symbol.asyncIterator] !== "function" &&
    typeof (examples as Partial<Iterable<Batch>>)?.[Symbol.iterator] !== "function"
  )
    throw badArgument("generated", "make to return an iterable of examples", shown(examples));
  return examples;
}

async function* taken(examples: Examples, size: number): AsyncGenerator<Batch> {
  let count = 0;
  for await (const example of examples) {
    yield example;
    if (++count === size) return;
  }
  throw badArgument("generated", `${size} examples in an epoch`, count);
}

/** Each next example is drawn from those that wait. */
async function* shuffled(
  examples: AsyncIterable<Batch>,
  buffer: number,
  rng: () => number,
): AsyncGenerator<Batch> {
  const waiting: Batch[] = [];
  const drawn = (): Batch => {
    const i = integer(rng, 0, waiting.length);
    [waiting[i], waiting[waiting.length - 1]] = [waiting[waiting.length - 1], waiting[i]];
    return waiting.pop()!;
  };
  for await (const example of examples) {
    waiting.push(example);
    if (waiting.length >= buffer) yield drawn();
  }
  while (waiting.length > 0) yield drawn();
}

async function* batched(
  examples: AsyncIterable<Batch>,
  { batchSize, from, count }: { batchSize: number; from: number; count: number },
): AsyncGenerator<Batch> {
  let waiting: Batch[] = [];
  let batch = 0;
  for await (const example of examples) {
    if (batch === count) return;
    waiting.push(example);
    if (waiting.length < batchSize) continue;
    if (batch++ >= from) yield stacked("batches", waiting);
    waiting = [];
  }
  if (waiting.length > 0 && batch >= from && batch < count) yield stacked("batches", waiting);
}
