import type { Shape } from "@tenon/contracts";
import { realPower } from "../realPower.js";
import { broadcastIndices } from "../shapes.js";
import type { Floats } from "./floats.js";

/**
 * Computes an array from whole arrays: what is no loop over elements, or what few rules need. A
 * scalar is an array of one element.
 */
export type Whole = (out: Floats, ...inputs: readonly Floats[]) => void;

const at = (x: Floats, i: number): number => (x.length === 1 ? x[0]! : x[i]!);

/** Raises to a power; of 0 it is 0, 1 or Infinity. */
export function powers(exponent: number): Whole {
  const ofZero = exponent > 0 ? 0 : exponent === 0 ? 1 : Infinity;
  return (out, x) => {
    for (let i = 0; i < out.length; i++)
      out[i] = x[i] === 0 ? ofZero : x[i]! > 0 ? realPower(x[i]!, exponent) : NaN;
  };
}

/** 1 where both are equal, else 0. */
export const equals: Whole = (out, a, b) => {
  for (let i = 0; i < out.length; i++) out[i] = at(a!, i) === at(b!, i) ? 1 : 0;
};

/** The first where the condition is not 0, else the last. */
export const choices: Whole = (out, a, condition, b) => {
  for (let i = 0; i < out.length; i++) out[i] = at(at(condition!, i) !== 0 ? a! : b!, i);
};

/** The largest over axes that `kept` has with size 1. */
export function largest(kept: Shape, shape: Shape): Whole {
  const places = broadcastIndices(kept, shape);
  return (out, x) => {
    out.fill(-Infinity);
    for (let i = 0; i < places.length; i++) out[places[i]!] = Math.max(out[places[i]!]!, x[i]!);
  };
}

export function transposed(rows: number, columns: number): Whole {
  return (out, x) => {
    for (let i = 0; i < rows; i++)
      for (let j = 0; j < columns; j++) out[j * rows + i] = x[i * columns + j]!;
  };
}

/** The product of two matrices, summed in float64. */
export function product(rows: number, inner: number, columns: number): Whole {
  const row = new Float64Array(columns);
  return (out, a, b) => {
    for (let i = 0; i < rows; i++) {
      row.fill(0);
      for (let k = 0; k < inner; k++) {
        const factor = a![i * inner + k]!;
        for (let j = 0, place = k * columns; j < columns; j++) row[j]! += factor * b![place + j]!;
      }
      out.set(row, i * columns);
    }
  };
}
