import type { FunctionBuilder, V128, Word } from "@tenon/emit";
import * as f32x4 from "@tenon/emit/f32x4";
import * as i32 from "@tenon/emit/i32";
import * as v128 from "@tenon/emit/v128";

/** Longer segments become loops. */
const mostUnrolledFloats = 64;

/**
 * Emits code for up to four elements of a contiguous segment: `addressIn(start)` plus `offset`
 * bytes is where they are in an array that starts at `start`; `lanes` is how many they are.
 */
type Visit = (addressIn: (start: Word) => Word, offset: number, lanes: number) => void;

/** Emits code for a contiguous segment of `floats` elements, four at a time. */
export function eachVectorOf(f: FunctionBuilder, floats: number, visit: Visit): void {
  let done = 0;
  if (floats > mostUnrolledFloats) {
    done = 16 * Math.floor(floats / 16);
    f.for(0, 4 * done, 64, (shift) => {
      for (let q = 0; q < 4; q++) visit((start) => i32.add(start, shift), 16 * q, 4);
    });
  }
  for (; done < floats; done += 4) visit((start) => start, 4 * done, Math.min(4, floats - done));
}

/** Stores the first lanes of a vector. */
export function storeLanes(
  f: FunctionBuilder,
  address: Word,
  value: V128,
  lanes: number,
  offset = 0,
): void {
  if (lanes >= 4) return f.store("v128", address, value, offset);
  const stored = f.let(value);
  for (let lane = 0; lane < lanes; lane++) f.storeLane(address, lane, stored, offset + 4 * lane);
}

/** Constant distances, in bytes, from two arrays to the segments in them. */
export interface SegmentOffsets {
  readonly to?: number;
  readonly from?: number;
}

/**
 * Emits a copy of a segment. `spill`: it may write up to three elements beyond its end, because
 * what comes next is written later.
 */
export function copySegment(
  f: FunctionBuilder,
  to: Word,
  from: Word,
  floats: number,
  options: SegmentOffsets & { readonly spill?: boolean } = {},
): void {
  const { to: toOffset = 0, from: fromOffset = 0, spill = false } = options;
  eachVectorOf(f, floats, (addressIn, offset, lanes) => {
    const copied = v128.load(addressIn(from), offset + fromOffset);
    storeLanes(f, addressIn(to), copied, spill ? 4 : lanes, offset + toOffset);
  });
}

/** Emits the addition of a segment to another. */
export function addSegment(
  f: FunctionBuilder,
  to: Word,
  from: Word,
  floats: number,
  { to: toOffset = 0, from: fromOffset = 0 }: SegmentOffsets = {},
): void {
  eachVectorOf(f, floats, (addressIn, offset, lanes) => {
    const sum = f32x4.add(
      v128.load(addressIn(to), offset + toOffset),
      v128.load(addressIn(from), offset + fromOffset),
    );
    storeLanes(f, addressIn(to), sum, lanes, offset + toOffset);
  });
}

/** Emits the filling of a segment with zeros. */
export function zeroSegment(f: FunctionBuilder, to: Word, floats: number): void {
  eachVectorOf(f, floats, (addressIn, offset, lanes) =>
    storeLanes(f, addressIn(to), f32x4.const(0), lanes, offset),
  );
}
