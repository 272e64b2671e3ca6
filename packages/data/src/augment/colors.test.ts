import { createHash } from "node:crypto";
import type { Batch } from "@tenon/contracts";
import { random } from "@tenon/random";
import { expectClose, refusal } from "@tenon/testkit";
import { expect, test } from "vitest";
import {
  augment,
  blur,
  brightness,
  crop,
  dataset,
  flip,
  grayscale,
  hue,
  perspective,
  rotate,
  saturation,
  sometimes,
  type Augmentation,
} from "../index.js";

const pixel = [0.2, 0.5, 0.9];
const painted = (
  augmentation: Augmentation,
  values: readonly number[],
  shape: readonly number[],
  u: number,
): number[] => {
  const image = Float32Array.from(values);
  augmentation.paint!(image, shape, () => u);
  return [...image];
};
/** Where the pixels of an image of one size come from. */
const moved = (augmentation: Augmentation, draws: readonly number[], height = 5, width = 9) => {
  const at = Array.from({ length: height * width }, (_, i) => i);
  const places = {
    height,
    width,
    rows: Float64Array.from(at, (i) => Math.floor(i / width)),
    columns: Float64Array.from(at, (i) => i % width),
  };
  let next = 0;
  augmentation.warp!(places, () => draws[next++]!);
  return places;
};

test("saturation and grayscale are torchvision's, from the brightness of ITU-R BT.601", () => {
  const grey = 0.299 * 0.2 + 0.587 * 0.5 + 0.114 * 0.9;
  // u = 0.75 of most 0.5 is a factor of 1.25; u = 0 of most 1 leaves grey.
  expectClose(
    painted(saturation(0.5), pixel, [1, 1, 3], 0.75),
    pixel.map((v) => grey + (v - grey) * 1.25),
    1e-6,
  );
  expectClose(painted(saturation(1), pixel, [1, 1, 3], 0), [grey, grey, grey], 1e-6);
  expectClose(painted(grayscale(0.3), pixel, [1, 1, 3], 0.29), [grey, grey, grey], 1e-6);
  expectClose(painted(grayscale(0.3), pixel, [1, 1, 3], 0.3), pixel, 1e-7);
});

test("hue turns colors as hue-rotate of CSS does, and leaves grey and brightness", () => {
  const bright = ([r, g, b]: readonly number[]): number => 0.213 * r! + 0.715 * g! + 0.072 * b!;
  // By 90°: the specification's matrix with cos 0 and sin 1; red becomes (0, 0.356, −0.574).
  expectClose(painted(hue(180), [1, 0, 0], [1, 1, 3], 0.75), [0, 0.356, -0.574], 1e-6);
  // A half turn: 2 brightness − color.
  const half = painted(hue(360), pixel, [1, 1, 3], 0.75);
  expectClose(
    half,
    pixel.map((v) => 2 * bright(pixel) - v),
    1e-6,
  );
  expectClose(painted(hue(40), [0.4, 0.4, 0.4], [1, 1, 3], 0.9), [0.4, 0.4, 0.4], 1e-6);
  expectClose([bright(painted(hue(77), pixel, [1, 1, 3], 0.1))], [bright(pixel)], 1e-3);
});

test("blur weighs pixels by a Gaussian, keeps a mean, and repeats the edge", () => {
  const image = new Array<number>(49).fill(0);
  image[24] = 1;
  // std 0.8 · 1: weights of the places −3 … 3.
  const w = [-3, -2, -1, 0, 1, 2, 3].map((k) => Math.exp(-(k ** 2) / (2 * 0.64)));
  const sum = w.reduce((a, b) => a + b);
  const blurred = painted(blur(1), image, [7, 7, 1], 0.8);
  expectClose(
    blurred,
    w.flatMap((a) => w.map((b) => (a * b) / sum ** 2)),
    1e-6,
  );
  expectClose(
    painted(blur(9), new Array<number>(24).fill(0.5), [2, 4, 3], 0.9),
    new Array<number>(24).fill(0.5),
    1e-6,
  );
  expect(painted(blur(2), pixel, [1, 1, 3], 0)).toEqual([...Float32Array.from(pixel)]);
  // Channels do not mix: the second of two is zero everywhere.
  const two = painted(blur(1), [1, 0, 3, 0, 5, 0], [1, 3, 2], 0.5);
  expect(two.filter((_, i) => i % 2 === 1)).toEqual([0, 0, 0]);
});

test("perspective moves corners where it says, and keeps lines straight", () => {
  const draws = [0.9, 0.2, 0.4, 0.7, 0.1, 0.6, 0.3, 0.8];
  const { rows, columns } = moved(perspective(0.2), draws);
  const by = draws.map((u) => (2 * u - 1) * 0.2);
  const corner = (i: number, down: number, right: number, k: number): void =>
    expectClose(
      [rows[i]!, columns[i]!],
      [4 * (down + by[2 * k]!), 8 * (right + by[2 * k + 1]!)],
      1e-12,
    );
  corner(0, 0, 0, 0);
  corner(8, 0, 1, 1);
  corner(44, 1, 1, 2);
  corner(36, 1, 0, 3);
  // Three places of each row and diagonal are on a line: the triangle between them has no area.
  const area = (a: number, b: number, c: number): number =>
    (columns[b]! - columns[a]!) * (rows[c]! - rows[a]!) -
    (columns[c]! - columns[a]!) * (rows[b]! - rows[a]!);
  for (const [a, b, c] of [
    [9, 12, 17],
    [0, 22, 44],
    [8, 22, 36],
    [3, 21, 39],
  ] as const)
    expectClose([area(a, b, c)], [0], 1e-12);
  const still = moved(perspective(0.2), new Array<number>(8).fill(0.5));
  expectClose(
    still.columns,
    [...still.columns].map((_, i) => i % 9),
    1e-12,
  );
});

test("crop moves by whole pixels, each place equally likely", () => {
  const { rows, columns } = moved(crop(2), [0.99, 0]);
  // Up by 2 and to the right by 2.
  expect([rows[0], columns[0], rows[44], columns[44]]).toEqual([-2, 2, 2, 10]);
  const by = Array.from(
    { length: 50 },
    (_, i) => moved(crop(2), [(i + 0.5) / 50, 0.5]).rows[0]! + 0,
  );
  for (const place of [-2, -1, 0, 1, 2]) expect(by.filter((up) => up === place).length).toBe(10);
});

test("sometimes draws first, and passes the rest on", () => {
  expect(painted(sometimes(brightness(1), 0.5), [1], [1, 1, 1], 0.4)[0]).toBeCloseTo(0.8, 6);
  expect(painted(sometimes(brightness(1), 0.5), [1], [1, 1, 1], 0.5)).toEqual([1]);
  expect(moved(sometimes(rotate(90), 0.5), [0.7]).rows[9]).toBe(1);
  expect(moved(sometimes(rotate(90), 0.5), [0.2, 1]).rows[0]).not.toBe(0);
  expect(sometimes(flip("vertical"), 0.25).toJSON()).toEqual({
    type: "sometimes",
    args: [{ type: "flip", args: ["vertical", 0.5] }, 0.25],
  });
});

test("colors want three channels", () => {
  const grey = dataset({
    x: { shape: [1, 2, 2, 1], dtype: "float32", data: new Float32Array(4) },
    y: { shape: [1], dtype: "int32", data: new Int32Array(1) },
  });
  for (const [name, augmentation] of Object.entries({
    hue: hue(10),
    saturation: saturation(0.1),
    grayscale: grayscale(1),
  }))
    expect(() => [
      ...(augment(grey, [augmentation]).batches({ batchSize: 1, seed: 1 }) as Iterable<Batch>),
    ]).toThrow(refusal(`${name}: expected images of three channels, red, green and blue, got 1`));
  expect(() => perspective(0.25)).toThrow(
    refusal("perspective: expected most in [0, 0.25), got 0.25; 0.1 is a tenth of the image"),
  );
});

test("they give the same bits on every machine", () => {
  const bytes = [blur(2), hue(50), saturation(0.5), grayscale(1)].flatMap((augmentation, i) => {
    const values = Float32Array.from({ length: 75 }, (_, k) => (k % 11) / 11);
    augmentation.paint!(values, [5, 5, 3], random(7 + i));
    return [...new Uint8Array(values.buffer)];
  });
  const { rows, columns } = moved(perspective(0.2), [0.9, 0.2, 0.4, 0.7, 0.1, 0.6, 0.3, 0.8]);
  for (const places of [rows, columns]) bytes.push(...new Uint8Array(places.buffer));
  expect(createHash("sha256").update(Uint8Array.from(bytes)).digest("hex").slice(0, 16)).toBe(
    "63eff74028f98bb1",
  );
});
