import { random } from "@tenon/random";
import { expect, test } from "vitest";
import type { Augmentation, Places } from "../augmentation.js";
import { elastic } from "../elastic.js";
import { flip } from "../flip.js";
import { rotate } from "../rotate.js";
import { shear } from "../shear.js";
import { shift } from "../shift.js";
import { zoom } from "../zoom.js";
import { resampler } from "./resampler.js";

const [height, width] = [9, 7];

/** Every pixel by the formula, from places that warps move one after the other. */
function byFormula(
  image: Float32Array,
  channels: number,
  fill: number,
  warps: readonly Augmentation[],
  seed: number,
): Float32Array {
  const pixels = Array.from({ length: height * width }, (_, i) => i);
  const places: Places = {
    ...{ height, width },
    rows: Float64Array.from(pixels, (i) => Math.floor(i / width)),
    columns: Float64Array.from(pixels, (i) => i % width),
  };
  for (let i = warps.length - 1; i >= 0; i--) warps[i]!.warp!(places, random(seed).split(i));
  const pixel = (row: number, column: number, channel: number): number =>
    row >= 0 && row < height && column >= 0 && column < width
      ? image[(row * width + column) * channels + channel]!
      : Math.fround(fill);
  return Float32Array.from({ length: image.length }, (_, k) => {
    const [i, c] = [Math.floor(k / channels), k % channels];
    // Two are added before the fraction is taken, as the frame of two pixels has it; a place that
    // is no number is outside.
    const [row, column] = [places.rows[i]! + 2 || 0, places.columns[i]! + 2 || 0];
    const [top, left] = [Math.floor(row), Math.floor(column)];
    const [down, along] = [row - top, column - left];
    const [a, b] = [pixel(top - 2, left - 2, c), pixel(top - 2, left - 1, c)];
    const [d, e] = [pixel(top - 1, left - 2, c), pixel(top - 1, left - 1, c)];
    const [upper, lower] = [a + (b - a) * along, d + (e - d) * along];
    return upper + (lower - upper) * down;
  });
}

const down: Augmentation = {
  type: "down",
  warp: ({ rows }) => rows.forEach((row, i) => (rows[i] = row - 0.25)),
  toJSON: () => ({ type: "down" }),
};
const nowhere: Augmentation = {
  type: "nowhere",
  warp: ({ rows }) => rows.forEach((_, i) => (rows[i] = i % 3 ? rows[i]! : i % 2 ? NaN : 1e300)),
  toJSON: () => ({ type: "nowhere" }),
};
const chains: readonly (readonly Augmentation[])[] = [
  [shift(0.2), rotate(30), zoom(0.3)],
  [rotate(30), shift(0.2)],
  [zoom(0.5), shift(0.4), flip("horizontal")],
  [shift(0.2), shift(0.1), rotate(30), shear(20), zoom(0.3)],
  [shift(0.2), down, rotate(30), shift(0.1), zoom(0.3)],
  [elastic(), rotate(30)],
  [rotate(30), elastic(), shift(0.2), zoom(0.3)],
  [shift(0.9), shift(0.9), zoom(0.9)],
  [nowhere, rotate(10)],
  [down],
];

test("images are made as the formula says, to the bit, whatever their margins", () => {
  for (const channels of [1, 2])
    for (const fill of [0, 0.1, 1e39]) {
      const resample = resampler([height, width, channels], fill);
      const rng = random(1);
      for (let seed = 0; seed < 60; seed++) {
        // A rectangle of values, at times all of the image or none of it; the rest is the fill.
        const image = new Float32Array(height * width * channels).fill(fill);
        const [top, left] = [Math.floor(rng() * height), Math.floor(rng() * width)];
        const full = seed % 5 === 0;
        for (let k = 0; k < image.length; k++) {
          const [row, column] = [
            Math.floor(k / channels / width),
            Math.floor(k / channels) % width,
          ];
          if (full || (row >= top && row < top + 4 && column >= left && column < left + 3))
            if (rng() < 0.8) image[k] = rng();
        }
        const to = new Float32Array(image.length);
        const warps = chains[seed % chains.length]!;
        resample({ of: image, from: 0 }, to, warps, (i) => random(seed).split(i));
        expect(to).toEqual(byFormula(image, channels, fill, warps, seed));
      }
    }
});

test("bytes are looked up in their palette, wherever they begin", () => {
  const palette = Float32Array.from({ length: 256 }, (_, i) => (i - 7) / 3);
  const bytes = Uint8Array.from({ length: 3 * height * width }, (_, i) => (i % 5 ? 7 : i));
  const from = height * width;
  const image = Float32Array.from(bytes.subarray(from, 2 * from), (byte) => palette[byte]!);
  for (const fill of [0, 0.1]) {
    const to = new Float32Array(from);
    const warps = chains[0]!;
    const resample = resampler([height, width, 1], fill);
    resample({ of: bytes, from, palette }, to, warps, (i) => random(3).split(i));
    expect(to).toEqual(byFormula(image, 1, fill, warps, 3));
  }
});
