import type { NDArray, Shape } from "@tenon/contracts";

export function sizeOf(shape: Shape): number {
  return shape.reduce((product, size) => product * size, 1);
}

/** Throws unless the array has an axis that counts examples and as many numbers as its shape says. */
export function checkArray(what: string, { shape, data }: NDArray): void {
  if (shape.length === 0) throw new Error(`${what}: expected a first axis that counts the examples, got shape []`);
  if (!shape.every((size) => Number.isSafeInteger(size) && size >= 0) || sizeOf(shape) !== data.length) {
    throw new Error(`${what}: expected ${sizeOf(shape)} numbers for shape [${shape.join(", ")}], got ${data.length}`);
  }
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
  throw new Error(`${expectation} a whole number ${range}, got ${value}`);
}
