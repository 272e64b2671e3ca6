import type { Batch, Dataset, NDArray } from "@tenon/contracts";
import { badArgument, shown, sizeOf } from "@tenon/guards";
import { joined } from "./joined.js";

/** How many examples are read at a time where they are handed on one by one. */
const portion = 64;

/** Example `i` of a batch: the same arrays without the first axis. */
export function exampleAt({ x, y, weights }: Batch, i: number): Batch {
  return { x: row(x, i), y: row(y, i), ...(weights && { weights: row(weights, i) }) };
}

function row({ shape: [, ...shape], dtype, data }: NDArray, i: number): NDArray {
  const width = sizeOf(shape);
  return { shape, dtype, data: data.slice(i * width, (i + 1) * width) };
}

/** All examples of an epoch, one by one, in the order of the dataset. */
export async function* examplesOf(dataset: Dataset, epoch: number = 0): AsyncGenerator<Batch> {
  for await (const batch of dataset.batches({ batchSize: portion, epoch }))
    for (let i = 0; i < batch.x.shape[0]; i++) yield exampleAt(batch, i);
}

/**
 * Examples as one batch. Throws where they differ in shape, dtype or in whether they have weights.
 */
export function stacked(who: string, examples: readonly Batch[]): Batch {
  const of = (part: "x" | "y" | "weights"): NDArray =>
    stackedArrays(
      who,
      part,
      examples.map((example) => example?.[part] as NDArray),
    );
  return {
    x: of("x"),
    y: of("y"),
    ...(examples.some(({ weights }) => weights !== undefined) && { weights: of("weights") }),
  };
}

function stackedArrays(who: string, part: string, arrays: readonly NDArray[]): NDArray {
  for (const array of arrays) {
    if (!Array.isArray(array?.shape) || typeof array.data?.length !== "number")
      throw badArgument(
        who,
        "examples { x, y } of arrays { shape, dtype, data }",
        `${shown(array)} for ${part}`,
      );
    if (array.data.length !== sizeOf(array.shape))
      throw badArgument(
        who,
        `${sizeOf(array.shape)} values for shape [${array.shape.join(", ")}] of ${part}`,
        array.data.length,
      );
  }
  return joined(
    who,
    part,
    arrays.map(({ shape, dtype, data }) => ({ shape: [1, ...shape], dtype, data })),
  );
}
