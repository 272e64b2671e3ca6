import type { NDArray, Shape } from "@tenon/contracts";

/** Values that are not JSON numbers are written as text. */
const words: readonly unknown[] = ["NaN", "Infinity", "-Infinity", "-0"];

/**
 * Values as they are read back: an array, what `state()` writes into JSON (a list, with "NaN",
 * "Infinity", "-Infinity" and "-0" as text), or what JSON makes of a typed array by itself, `{ "0":
 * 0.5, "1": … }`.
 */
export type SavedValues = ArrayLike<number | string> | Readonly<Record<string, number | string>>;

/**
 * An array that JSON.stringify writes so that `valuesOf` reads every value back. The method for it
 * is not enumerable, so that copies can be posted to workers.
 */
export function savable(array: NDArray): NDArray {
  const toJSON = (): { shape: Shape; dtype: string; data: (number | string)[] } => ({
    shape: array.shape,
    dtype: array.dtype,
    data: Array.from(array.data, (x) => (Object.is(x, -0) ? "-0" : x - x === 0 ? x : String(x))),
  });
  return Object.defineProperty({ ...array }, "toJSON", { value: toJSON });
}

/** The values that were saved, or what is wrong with them. */
export function valuesOf(data: SavedValues | null | undefined): ArrayLike<number> | string {
  if (typeof data !== "object" || data === null) return "none";
  if (ArrayBuffer.isView(data)) return data as unknown as ArrayLike<number>;
  const length = Array.isArray(data) ? data.length : Object.keys(data).length;
  const values: number[] = [];
  for (let i = 0; i < length; i++) {
    const x: unknown = (data as Readonly<Record<number, unknown>>)[i];
    if (typeof x !== "number" && !words.includes(x)) {
      const fix =
        x === null
          ? "; JSON has no NaN and no infinity: write the arrays of state() as they are, not " +
            "their data alone"
          : "";
      return `${x === undefined ? "nothing" : JSON.stringify(x)} at ${i}${fix}`;
    }
    values.push(Number(x));
  }
  return values;
}
