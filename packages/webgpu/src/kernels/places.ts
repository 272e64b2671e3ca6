import type { LoopInput } from "@tenon/plan";
import { unsigned } from "./wgsl.js";

// Places of elements: from a position among the elements of some axes to an offset in each input.

/** An axis of a loop, and the distance between neighbours on it in each input. */
export interface Axis {
  readonly size: number;
  readonly strides: readonly number[];
}

/**
 * The axes of a shape, without those of size 1; neighbours that all inputs step over alike are one.
 */
export function axesOf(
  shape: readonly number[],
  inputs: readonly Pick<LoopInput, "strides">[],
  select: (axis: number) => boolean = () => true,
): Axis[] {
  const axes: Axis[] = [];
  shape.forEach((size, axis) => {
    if (size === 1 || !select(axis)) return;
    const strides = inputs.map((input) => input.strides[axis]!);
    const last = axes.at(-1);
    if (last?.strides.every((stride, i) => stride === strides[i]! * size))
      axes[axes.length - 1] = { size: last.size * size, strides };
    else axes.push({ size, strides });
  });
  return axes;
}

/**
 * Whether positions and elements that are cut into equally many rows are in the same row: each row
 * of positions reads one row of elements.
 *
 * @param elements all that the input's array has
 */
export function isAligned(
  shape: readonly number[],
  { strides, offset }: Pick<LoopInput, "strides" | "offset">,
  rows: number,
  elements: number,
): boolean {
  const width = elements / rows;
  if (!Number.isInteger(width)) return false;
  let before = 1;
  let axis = 0;
  while (axis < shape.length && before < rows) before *= shape[axis++]!;
  if (before !== rows) return false;
  let distance = width;
  for (let i = axis - 1; i >= 0; i--) {
    if (shape[i]! > 1 && strides[i] !== distance) return false;
    distance *= shape[i]!;
  }
  let last = offset;
  for (let i = axis; i < shape.length; i++) {
    if (strides[i]! < 0) return false;
    last += (shape[i]! - 1) * strides[i]!;
  }
  return offset >= 0 && last < width;
}

/** Code that finds places, and what it found for an input. */
export interface Places {
  readonly code: string;
  /** The terms of an input's offset. */
  termsOf(input: number): string[];
}

/**
 * Code that takes a position in row-major order of some axes apart.
 *
 * @param position an expression of type u32
 * @param name of the variables
 */
export function placesOf(axes: readonly Axis[], position: string, name: string): Places {
  const lines: string[] = [];
  const indices: string[] = [];
  let rest = position;
  for (let axis = axes.length - 1; axis >= 0; axis--) {
    const { size } = axes[axis]!;
    if (axis === 0) indices[axis] = rest;
    else {
      lines.push(`let ${name}${axis} = ${rest} % ${unsigned(size)};`);
      lines.push(`let ${name}r${axis} = ${rest} / ${unsigned(size)};`);
      indices[axis] = `${name}${axis}`;
      rest = `${name}r${axis}`;
    }
  }
  return {
    code: lines.join("\n"),
    termsOf: (input) =>
      axes.flatMap(({ strides }, axis) => {
        const stride = strides[input]!;
        if (stride === 0) return [];
        return [stride === 1 ? indices[axis]! : `${indices[axis]!} * ${unsigned(stride)}`];
      }),
  };
}

/** An offset as an expression. */
export const sumOf = (terms: readonly string[], offset = 0): string =>
  [...terms, ...(offset !== 0 || terms.length === 0 ? [unsigned(offset)] : [])].join(" + ");
