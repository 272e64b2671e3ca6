import type { Dataset, NDArray } from "@tenon/contracts";
import {
  badArgument,
  isFiniteNumber,
  isTyped,
  list,
  made,
  shown,
  sizeOf,
  whole,
} from "@tenon/guards";
import type { InMemoryDataset } from "../dataset.js";

/**
 * Throws unless the array has an axis that counts examples and as many values as its shape
 * requires.
 */
export function checkArray(what: string, array: NDArray, leastAxes = 1): void {
  const { shape, data } = (array ?? {}) as Partial<NDArray>;
  if (!Array.isArray(shape) || !isTyped(data))
    throw badArgument(
      what,
      "an array { shape, dtype, data }",
      shown(Array.isArray(shape) ? { data } : array),
      "store the values row by row in a Float32Array, with its shape",
    );
  if (shape.length < leastAxes)
    throw badArgument(what, "a first axis that counts the examples", "shape []");
  const { dtype } = array;
  if (dtype !== undefined && dtype !== "float32" && dtype !== "int32")
    throw badArgument(what, 'dtype "float32" or "int32"', shown(dtype));
  if (
    !shape.every((size) => Number.isSafeInteger(size) && size >= 0) ||
    sizeOf(shape) !== data!.length
  ) {
    throw badArgument(
      what,
      `${sizeOf(shape)} values for shape [${shape.join(", ")}]`,
      data!.length,
    );
  }
}

/** Throws where an array says that it holds int32, and does not. */
export function checkIntegers(what: string, { dtype, data }: NDArray): void {
  if (dtype !== "int32" || !/^Float/.test(data[Symbol.toStringTag])) return;
  const wrong = (data as Float64Array).findIndex((value) => (value | 0) !== value);
  if (wrong >= 0)
    throw badArgument(
      what,
      'integers of 32 bits for dtype "int32"',
      `${data[wrong]} at ${wrong}`,
      'say dtype "float32"',
    );
}

/** Throws unless the value is a dataset in memory, as `dataset` makes it. */
export function checkInMemory(who: string, value: unknown): void {
  made(who, "a dataset in memory", value, "batches gather", "dataset({ x, y })");
}

/** Throws unless the value is bytes. */
export function checkBytes(who: string, value: unknown): void {
  if (Object.prototype.toString.call(value) !== "[object Uint8Array]") {
    const fix =
      Object.prototype.toString.call(value) === "[object ArrayBuffer]"
        ? "; write new Uint8Array(…)"
        : typeof (value as { then?: unknown } | null | undefined)?.then === "function"
          ? "; write await before it"
          : "";
    throw badArgument(who, "bytes as a Uint8Array", `${shown(value)}${fix}`);
  }
}

export function checkLabels(who: string, labels: NDArray, classes: number): void {
  const { data } = labels ?? {};
  if (!Array.isArray(labels?.shape) || !isTyped(data))
    throw badArgument(who, "labels as an array { shape, dtype, data }", shown(labels));
  whole(who, "classes", classes, 1);
  const wrong = (data as Float64Array).findIndex(
    (label) => !(label >= 0 && label < classes && Number.isInteger(label)),
  );
  if (wrong >= 0)
    throw badArgument(
      who,
      `labels to be whole numbers in [0, ${classes})`,
      `${data[wrong]} at ${wrong}`,
    );
}

/** Throws unless the value is a dataset, of any kind. */
export function checkDataset(who: string, value: unknown): void {
  made(who, "a dataset", value, "batches", "dataset({ x, y })");
}

/** Whether a dataset is in memory. */
export function isInMemory(value: Dataset): value is InMemoryDataset {
  return typeof (value as Partial<InMemoryDataset>).gather === "function";
}

/** Throws unless the value is a list of finite numbers. */
export function checkNumbers(
  who: string,
  what: string,
  values: unknown,
): asserts values is ArrayLike<number> {
  list(who, what, values);
  const wrong = values.findIndex((value) => !isFiniteNumber(value));
  if (wrong >= 0)
    throw badArgument(who, `${what} to hold finite numbers`, `${shown(values[wrong])} at ${wrong}`);
}
