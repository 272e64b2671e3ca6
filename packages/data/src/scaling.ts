import type { NDArray } from "@tenon/contracts";
import { badArgument, known, noOptions, shown } from "@tenon/guards";
import { checkArray } from "./internal/check.js";
import { checkScaling, scaleInto } from "./internal/scale.js";

/**
 * A change of units, x ← (x − center) / scale. Plain data: it is its own JSON.
 *
 * One value each, or a list each: per channel (the last axis) or per element of an example. A list
 * repeats along the elements of an example in row-major order.
 */
export interface Scaling {
  readonly center: number | readonly number[];
  readonly scale: number | readonly number[];
}

/** The range of the values before scaling. */
export interface RangeOptions {
  /** @defaultValue 0 */
  readonly min?: number;
  /** @defaultValue 255, a byte's */
  readonly max?: number;
}

/**
 * The scaling of [min, max] to [0, 1].
 *
 * x ← (x − min) / (max − min). Throws unless min < max.
 */
export function toUnit(options: RangeOptions = {}): Scaling {
  const { min = 0, max = 255 } = known("toUnit", options, "min max");
  checkRange("toUnit", min, max);
  return { center: min, scale: max - min };
}

/**
 * The scaling of [min, max] to [−1, 1].
 *
 * x ← (x − (min + max) / 2) / ((max − min) / 2). Throws unless min < max.
 */
export function toSymmetric(options: RangeOptions = {}): Scaling {
  const { min = 0, max = 255 } = known("toSymmetric", options, "min max");
  checkRange("toSymmetric", min, max);
  return { center: (min + max) / 2, scale: (max - min) / 2 };
}

/**
 * The array in the scaling's units, as float32: (x − center) / scale, computed in float64.
 *
 * Throws where a list of the scaling does not repeat evenly along the array.
 */
export function scaled(array: NDArray, scaling: Scaling): NDArray {
  noOptions("scaled", arguments[2]);
  checkArray("scaled", array, 0);
  checkScaling("scaled", scaling, array.data.length);
  const data = new Float32Array(array.data.length);
  scaleInto(data, 0, array.data, 0, data.length, scaling);
  return { shape: array.shape, dtype: "float32", data };
}

/**
 * The array back in the units it had before `scaled`, as float32: x · scale + center, computed in
 * float64.
 *
 * Throws where a list of the scaling does not repeat evenly along the array.
 */
export function unscaled(array: NDArray, scaling: Scaling): NDArray {
  noOptions("unscaled", arguments[2]);
  checkArray("unscaled", array, 0);
  checkScaling("unscaled", scaling, array.data.length);
  const { center, scale } = scaling;
  const valueFor = (values: number | readonly number[], i: number): number =>
    typeof values === "number" ? values : values[i % values.length];
  const data = Float32Array.from(
    array.data as Float32Array,
    (value, i) => value * valueFor(scale, i) + valueFor(center, i),
  );
  return { shape: array.shape, dtype: "float32", data };
}

function checkRange(who: string, min: number, max: number): void {
  if (!(
    typeof min === "number" &&
    typeof max === "number" &&
    Number.isFinite(max - min) &&
    min < max
  ))
    throw badArgument(who, "finite min < max", `min ${shown(min)}, max ${shown(max)}`);
}
