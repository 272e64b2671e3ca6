import type { Batch, Dataset } from "@tenon/contracts";
import { badArgument, shown } from "@tenon/guards";

/** Throws unless what was given is a dataset, as far as one can see. */
export function checkDataset(who: string, name: string, data: Dataset): void {
  if (
    typeof data?.batches === "function" &&
    Array.isArray(data.x?.shape) &&
    Array.isArray(data.y?.shape) &&
    typeof data.size === "number"
  )
    return;
  throw badArgument(
    who,
    `${name} as a dataset, with size, x, y and batches`,
    shown(data),
    "make one of arrays with dataset({ x, y }) of @tenon/data",
  );
}

/**
 * The arrays of a batch of a dataset that a user wrote. Throws unless there are two of as many
 * rows, and as many weights, if any.
 */
export function checkedBatch(who: string, batch: Batch): Batch {
  for (const part of ["x", "y"] as const) {
    const array = batch?.[part];
    if (!Array.isArray(array?.shape) || array.shape.length === 0)
      throw badArgument(
        who,
        "batches { x, y } of arrays { shape, dtype, data } whose first axis counts the " +
          "examples",
        `${shown(array)} for ${part}`,
      );
  }
  if (batch.x.shape[0] !== batch.y.shape[0])
    throw badArgument(
      who,
      "as many targets as examples in a batch",
      `${batch.x.shape[0]} examples and ${batch.y.shape[0]} targets`,
    );
  const { x, y, weights } = batch;
  if (!weights) return { x, y };
  if (weights.shape?.length !== 1 || weights.shape[0] !== x.shape[0])
    throw badArgument(
      who,
      `weights [${x.shape[0]}], one for each example of a batch`,
      shown(weights.shape),
    );
  return { x, y, weights };
}
