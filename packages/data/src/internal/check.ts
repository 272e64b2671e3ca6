import type { NDArray, Shape } from "@tenon/contracts";
import { shown } from "@tenon/guards";

export function sizeOf(shape: Shape): number {
  return shape.reduce((product, size) => product * size, 1);
}

/** Throws unless the array has an axis that counts examples and as many numbers as its shape says. */
export function checkArray(what: string, array: NDArray): void {
  const { shape, data } = (array ?? {}) as Partial<NDArray>;
  if (!Array.isArray(shape) || typeof data?.length !== "number") throw new Error(`${what}: expected an array { shape, dtype, data }, got ${told(array)}; lay the numbers row by row in a Float32Array, and say its shape`);
  if (shape.length === 0) throw new Error(`${what}: expected a first axis that counts the examples, got shape []`);
  if (!shape.every((size) => Number.isSafeInteger(size) && size >= 0) || sizeOf(shape) !== data.length) {
    throw new Error(`${what}: expected ${sizeOf(shape)} numbers for shape [${shape.join(", ")}], got ${data.length}`);
  }
}

/** What somebody gave who gave no array. */
function told(value: unknown): string {
  if (!Array.isArray(value)) return typeof value === "object" && value !== null ? `an object with ${Object.keys(value).join(", ") || "nothing in it"}` : String(value);
  const lengths = [...new Set(value.map((row: unknown) => (Array.isArray(row) ? row.length : 1)))];
  return `a list of ${value.length}${Array.isArray(value[0]) ? ` rows of ${lengths.length === 1 ? lengths[0]! : `${lengths.slice(0, -1).join(", ")} and ${lengths.at(-1)!}`} numbers` : ""}`;
}

export function checkLabels(who: string, { data }: NDArray, classes: number): void {
  checkWhole(`${who}: expected classes to be`, classes, 1);
  const wrong = (data as Float64Array).findIndex((label) => !(label >= 0 && label < classes && Number.isInteger(label)));
  if (wrong >= 0) throw new Error(`${who}: expected labels to be whole numbers in [0, ${classes}), got ${data[wrong]} at ${wrong}`);
}

/** Throws unless the value is a whole number from `min` to `max`; `expectation` ends in "to be". */
export function checkWhole(expectation: string, value: number, min: number, max: number = Number.MAX_SAFE_INTEGER): void {
  if (Number.isSafeInteger(value) && value >= min && value <= max) return;
  const range = max === Number.MAX_SAFE_INTEGER ? `of at least ${min}` : `from ${min} to ${max}`;
  throw new Error(`${expectation} a whole number ${range}, got ${shown(value)}`);
}
