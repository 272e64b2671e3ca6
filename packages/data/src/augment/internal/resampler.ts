import type { Elements, Rng } from "@tenon/contracts";
import type { Augmentation, Places } from "../augmentation.js";
import { moveEach, type Move, type NotingPlaces } from "./affine.js";
import { movedGrid } from "./movedGrid.js";

/**
 * The pixels of an image, from one value of an array on; of bytes each is looked up in a palette.
 */
export interface Pixels {
  readonly of: Elements;
  readonly from: number;
  readonly palette?: Float32Array;
}

/** Writes an image whose places warps move; it may be where the pixels are. */
export type Resample = (
  pixels: Pixels,
  to: Float32Array,
  warps: readonly Augmentation[],
  rngOf: (i: number) => Rng,
) => void;

/**
 * A function that makes images [height, width, channels] whose pixels come from the places that
 * warps move, interpolated bilinearly.
 */
export function resampler(
  [height, width, channels]: readonly [number, number, number],
  fill: number,
): Resample {
  const count = height * width;
  const { rows, columns, warp } = movedPlaces(height, width);
  const { values, stride, bounds, outside, copy } = frameOf([height, width, channels], fill);
  return (pixels, to, warps, rngOf) => {
    warp(warps, rngOf);
    copy(pixels);
    const { top, bottom, left, right } = bounds;
    for (let i = 0; i < count; i++) {
      const row = rows[i] + 2;
      const column = columns[i] + 2;
      // Also false for a place that is no number.
      if (!(row >= top && row < bottom && column >= left && column < right)) {
        if (channels === 1) to[i] = outside;
        else for (let c = 0; c < channels; c++) to[i * channels + c] = outside;
        continue;
      }
      const down = row - (row | 0);
      const along = column - (column | 0);
      const at = (row | 0) * stride + (column | 0) * channels;
      if (channels === 1) {
        const a = values[at];
        const upper = a + (values[at + 1] - a) * along;
        const d = values[at + stride];
        const lower = d + (values[at + stride + 1] - d) * along;
        to[i] = upper + (lower - upper) * down;
        continue;
      }
      for (let c = 0; c < channels; c++) {
        const a = values[at + c];
        const upper = a + (values[at + channels + c] - a) * along;
        const d = values[at + stride + c];
        const lower = d + (values[at + stride + channels + c] - d) * along;
        to[i * channels + c] = upper + (lower - upper) * down;
      }
    }
  };
}

/** The places of an image's pixels, and a function that has warps move them. */
function movedPlaces(height: number, width: number) {
  const [rows, columns] = [new Float64Array(height * width), new Float64Array(height * width)];
  const dense: Places = { height, width, rows, columns };
  const moveGrid = movedGrid(dense);
  let noted: Move[] = [];
  let isWritten = false;
  const settle = (): void => {
    if (isWritten) for (const move of noted) moveEach(dense, move);
    else moveGrid(noted);
    isWritten = true;
    noted = [];
  };
  const places: NotingPlaces = {
    height,
    width,
    get rows() {
      settle();
      return rows;
    },
    get columns() {
      settle();
      return columns;
    },
    note: (move) => void noted.push(move),
  };
  const warp = (warps: readonly Augmentation[], rngOf: (i: number) => Rng): void => {
    isWritten = false;
    // The new image is old(w₁(w₂(…))): the last warp moves first.
    for (let i = warps.length - 1; i >= 0; i--) warps[i].warp!(places, rngOf(i));
    settle();
  };
  return { rows, columns, warp };
}

/**
 * An image with two pixels of the fill on each side, so that nothing is outside of it. `bounds` are
 * those of the places that have a neighbor which is not the fill: [top, bottom) × [left, right).
 * Values that none of them needs are left as they were.
 */
function frameOf([height, width, channels]: readonly [number, number, number], fill: number) {
  const stride = (width + 4) * channels;
  const values = new Float32Array((height + 4) * stride).fill(fill);
  const filled = values[0];
  /** The value of other places: no number where the fill is infinite in float32. */
  const outside = filled + (filled - filled);
  const bounds = { top: 0, bottom: 0, left: 0, right: 0 };
  const length = width * channels;
  const copy = ({ of, from, palette }: Pixels): void => {
    const none = palette ? palette.indexOf(filled) : filled;
    let [first, last, low, high] = [height, -1, length, -1];
    for (let y = 0; y < height; y++) {
      const at = from + y * length;
      let begin = 0;
      while (begin < length && of[at + begin] === none) begin++;
      if (begin === length) continue;
      let end = length - 1;
      while (of[at + end] === none) end--;
      if (last < 0) first = y;
      last = y;
      if (begin < low) low = begin;
      if (end > high) high = end;
    }
    const [leftmost, rightmost] = [Math.floor(low / channels), Math.floor(high / channels)];
    bounds.top = first + 1;
    bounds.bottom = last + 3;
    bounds.left = leftmost + 1;
    bounds.right = rightmost + 3;
    const begin = Math.max(0, (leftmost - 1) * channels);
    const end = Math.min(length, (rightmost + 2) * channels);
    for (let y = Math.max(0, first - 1); y < Math.min(height, last + 2); y++) {
      const at = from + y * length;
      const to = (y + 2) * stride + 2 * channels;
      if (palette) for (let k = begin; k < end; k++) values[to + k] = palette[of[at + k]];
      else for (let k = begin; k < end; k++) values[to + k] = of[at + k];
    }
  };
  return { values, stride, bounds, outside, copy };
}
