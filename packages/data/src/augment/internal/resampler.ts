import type { Rng } from "@tenon/contracts";
import type { Augmentation, Places } from "../augmentation.js";

/**
 * A function that replaces an image [height, width, channels] by one whose pixels come from the
 * places that warps move, interpolated bilinearly.
 */
export function resampler(
  [height, width, channels]: readonly [number, number, number],
  fill: number,
): (image: Float32Array, warps: readonly Augmentation[], rngOf: (i: number) => Rng) => void {
  const count = height * width;
  const places: Places = {
    height,
    width,
    rows: new Float64Array(count),
    columns: new Float64Array(count),
  };
  const { rows, columns } = places;
  const still = {
    rows: Float64Array.from(rows, (_, i) => Math.floor(i / width)),
    columns: Float64Array.from(columns, (_, i) => i % width),
  };
  // A frame of two pixels on each side holds the fill: nothing is outside of it.
  const stride = (width + 4) * channels;
  const framed = new Float32Array((height + 4) * stride).fill(fill);
  return (image, warps, rngOf) => {
    rows.set(still.rows);
    columns.set(still.columns);
    // The new image is old(w₁(w₂(…))): the last warp moves first.
    for (let i = warps.length - 1; i >= 0; i--) warps[i].warp!(places, rngOf(i));
    for (let y = 0; y < height; y++)
      framed.set(
        image.subarray(y * width * channels, (y + 1) * width * channels),
        (y + 2) * stride + 2 * channels,
      );
    for (let i = 0; i < count; i++) {
      const row = between(rows[i], height);
      const column = between(columns[i], width);
      const top = row | 0;
      const left = column | 0;
      const down = row - top;
      const right = column - left;
      const at = top * stride + left * channels;
      if (channels === 1) {
        const a = framed[at];
        const d = framed[at + stride];
        const upper = a + (framed[at + 1] - a) * right;
        image[i] = upper + (d + (framed[at + stride + 1] - d) * right - upper) * down;
        continue;
      }
      for (let c = 0; c < channels; c++) {
        const a = framed[at + c];
        const b = framed[at + channels + c];
        const upper = a + (b - a) * right;
        const d = framed[at + stride + c];
        const e = framed[at + stride + channels + c];
        image[i * channels + c] = upper + (d + (e - d) * right - upper) * down;
      }
    }
  };
}

/** A place in the frame: what is far outside is moved to the frame's edge. */
function between(place: number, size: number): number {
  const framed = place + 2;
  return framed > 0 ? (framed < size + 2 ? framed : size + 2) : 0;
}
