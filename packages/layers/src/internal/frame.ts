import { badArgument, shown } from "@tenon/guards";
import { pad, padEdges, slice, type Tensor } from "@tenon/tensor";
import type { PaddingMode } from "./paddingMode.js";

/** [before, after] in one direction. */
export type Sides = readonly [number, number];

/** [before, after] of one number for both, or of both. Throws unless they are integers ≥ least. */
export function sidesOf(
  name: string,
  what: string,
  given: number | Sides,
  least: number,
): [number, number] {
  const two: readonly unknown[] = Array.isArray(given) ? [...given] : [given, given];
  if (two.length !== 2 || !two.every((n) => Number.isInteger(n) && (n as number) >= least))
    throw badArgument(
      name,
      `${what} of integers${least === 0 ? " ≥ 0" : ""}`,
      shown(given),
      "give one, or [before, after]",
    );
  return two as [number, number];
}

/** One number for all sides, [rows, columns], or [[top, bottom], [left, right]]. */
export type Frame = number | readonly [number, number] | readonly [Sides, Sides];

/** [[top, bottom], [left, right]] */
export function frameOf(
  name: string,
  what: string,
  frame: Frame,
  least: number,
): [[number, number], [number, number]] {
  const two: readonly (number | Sides)[] = Array.isArray(frame) ? [...frame] : [frame, frame];
  if (two.length !== 2)
    throw badArgument(
      name,
      `${what} of integers${least === 0 ? " ≥ 0" : ""}`,
      shown(frame),
      "give one, [rows, columns], or [[top, bottom], [left, right]]",
    );
  return [sidesOf(name, what, two[0]!, least), sidesOf(name, what, two[1]!, least)];
}

/** Padded on each side of the axes after the first; where the width is negative, cut off. */
export function framed(
  x: Tensor,
  widths: readonly Sides[],
  mode: PaddingMode = "zeros",
  value = 0,
): Tensor {
  const all: readonly Sides[] = [[0, 0], ...widths, [0, 0]];
  const cut = all.some((sides) => sides.some((n) => n < 0))
    ? slice(
        x,
        all.map(([before]) => Math.max(0, -before)),
        all.map(([, after], i) => x.shape[i]! + Math.min(0, after)),
      )
    : x;
  const added = all.map(([before, after]): Sides => [Math.max(0, before), Math.max(0, after)]);
  return mode === "zeros" ? pad(cut, added, value) : padEdges(cut, added, mode);
}

/** The sizes after `framed`. */
export function checkLeft(
  name: string,
  sizes: readonly number[],
  widths: readonly Sides[],
  got: string,
): void {
  if (sizes.some((n, i) => n + Math.min(0, widths[i]![0]) + Math.min(0, widths[i]![1]) < 1))
    throw badArgument(name, "an input of which something is left", got, "crop less");
}
