import type { ArraySpec, Batch, BatchOptions, Digest, NDArray } from "@tenon/contracts";
import { badArgument, list, sizeOf, wholeIn } from "@tenon/guards";
import { permutation, random } from "@tenon/random";
import type { BatchMemory, InMemoryDataset, Units } from "../dataset.js";
import { asked } from "./asked.js";
import { plainRows, tagOf } from "./rows.js";

/** How many values of the stored examples are read at a time for the identity. */
const portion = 1048576;

/** The dataset of those examples of `source` that `order` names, in that order. */
export function view(
  who: string,
  source: Batch,
  order: Uint32Array | undefined,
  units: Units | undefined,
): InMemoryDataset {
  const size = order ? order.length : source.x.shape[0];
  if (size === 0) throw badArgument(who, "at least one example", "none");
  const width = sizeOf(source.x.shape.slice(1));
  const x: ArraySpec = {
    shape: source.x.shape.slice(1),
    dtype: units ? "float32" : source.x.dtype,
  };
  const y: ArraySpec = { shape: source.y.shape.slice(1), dtype: source.y.dtype };

  /**
   * The indices, in the source, of the examples at `indices[begin]` … `indices[end − 1]`, which are
   * checked before.
   */
  const placesOf = (
    indices: ArrayLike<number> | undefined,
    begin: number,
    end: number,
  ): Uint32Array => {
    const places = new Uint32Array(end - begin);
    for (let i = 0; i < places.length; i++) {
      const index = indices ? indices[begin + i] : begin + i;
      places[i] = order ? order[index] : index;
    }
    return places;
  };

  /** These examples. `memory`: memory that x may reuse, if it has the right size. */
  const rows = (
    indices: ArrayLike<number> | undefined,
    begin: number,
    end: number,
    memory: BatchMemory = {},
  ): Batch => {
    const places = placesOf(indices, begin, end);
    const x = units
      ? units.rows(source.x, places, memory)
      : plainRows(source.x, places, memory.plain);
    if (!units) memory.plain = x.data;
    return {
      x,
      y: asTargets(plainRows(source.y, places)),
      ...(source.weights && { weights: plainRows(source.weights, places) }),
    };
  };

  /** All examples as they are stored, not scaled, in parts that depend on their shapes alone. */
  function* stored(): Generator<Batch> {
    const step = Math.max(1, Math.floor(portion / (width + sizeOf(y.shape))));
    for (let begin = 0; begin < size; begin += step)
      yield plainBatch(source, placesOf(undefined, begin, Math.min(begin + step, size)));
  }

  const dataset = {
    size,
    x,
    y,
    source,
    async identity(digest: Digest): Promise<string> {
      return (await digest(stored())) + (units?.identity ?? "");
    },
    gather(indices: ArrayLike<number>): Batch {
      list("gather", "indices", indices);
      for (let i = 0; i < indices.length; i++)
        wholeIn("gather", `index ${i}`, indices[i], 0, size - 1);
      return rows(indices, 0, indices.length);
    },
    batches(options: BatchOptions): Iterable<Batch> {
      const { batchSize, epoch, seed, from, count, reuse } = asked(size, options);
      const end = Math.min(size, count * batchSize);
      const indices =
        seed === undefined
          ? undefined
          : permutation(random(seed).split("order").split(epoch), size);
      return {
        *[Symbol.iterator](): Generator<Batch> {
          const memory: BatchMemory = {};
          for (let begin = from * batchSize; begin < end; begin += batchSize)
            yield rows(indices, begin, Math.min(begin + batchSize, end), reuse ? memory : {});
        },
      };
    },
  };
  return {
    ...dataset,
    ...(source.weights && { weights: { shape: [], dtype: "float32" } }),
    ...(order && { order }),
    ...(units && { units }),
  };
}

/** These examples as they are stored: not scaled. */
export function plainBatch({ x, y, weights }: Batch, places: Uint32Array): Batch {
  return {
    x: plainRows(x, places),
    y: plainRows(y, places),
    ...(weights && { weights: plainRows(weights, places) }),
  };
}

/** Labels are few, and engines take whole numbers as int32. */
function asTargets(targets: NDArray): NDArray {
  return tagOf(targets.data) === "Uint8Array"
    ? { ...targets, data: Int32Array.from(targets.data) }
    : targets;
}
