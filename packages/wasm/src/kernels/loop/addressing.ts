import type { FunctionBuilder, Index, Local, V128, Word } from "@tenon/emit";
import * as i32 from "@tenon/emit/i32";
import * as v128 from "@tenon/emit/v128";
import { sizeOf } from "@tenon/tensor";
import type { LoopInput } from "./loop.js";

/**
 * The byte offset of a row, given its index among the rows of the axes `outer` in row-major order.
 */
export function rowOffset(row: Index, outer: readonly number[], strides: readonly number[]): Index {
  let remaining: Index = row;
  let offset: Index = 0;
  for (let axis = outer.length - 1; axis >= 0; axis--) {
    const index = axis === 0 ? remaining : i32.remU(remaining, outer[axis]!);
    if (strides[axis] !== 0) offset = i32.add(i32.mul(index, 4 * strides[axis]!), offset);
    if (axis > 0) remaining = i32.divU(remaining, outer[axis]!);
  }
  return offset;
}

/**
 * Loads one element of an input into the first lane, or four at a distance of `stride` elements.
 */
export function loadStrided(address: Word, stride: number, single: boolean): V128 {
  if (stride === 0) return v128.loadSplat(address);
  if (single) return v128.loadZero(address);
  if (stride === 1) return v128.load(address);
  // WebAssembly has no gather instruction: lane after lane.
  let lanes = v128.loadZero(address);
  for (const lane of [1, 2, 3])
    lanes = v128.loadLane(i32.add(address, 4 * lane * stride), lane, lanes);
  return lanes;
}

/** Emits the load of an input's next elements from its pointer, `element` elements on. */
export const stridedLoads =
  (
    pointers: readonly Local<"address">[],
    strides: readonly number[],
    { element, single }: { readonly element: number; readonly single: boolean },
  ): ((input: number) => V128) =>
  (input) => {
    const stride = strides[input]!;
    return loadStrided(i32.add(pointers[input]!, 4 * element * stride), stride, single);
  };

/** Moves the pointers of inputs by some elements along an axis, given their strides on it. */
export function advance(
  f: FunctionBuilder,
  pointers: readonly Local<"address">[],
  strides: readonly number[],
  elements: number,
): void {
  pointers.forEach((pointer, k) => {
    if (strides[k] !== 0) f.bump(pointer, 4 * elements * strides[k]!);
  });
}

/**
 * Whether an input is contiguous in row-major order: each element is read once, from the first on.
 */
export const isContiguous = (shape: readonly number[], { strides, offset }: LoopInput): boolean =>
  offset === 0 && strides.every((stride, axis) => stride === sizeOf(shape.slice(axis + 1)));
