import * as fc from "fast-check";
import { expect, test } from "vitest";
import { digitOf, type Stroke } from "./digit.js";

const point = fc.tuple(fc.integer({ min: 0, max: 280 }), fc.integer({ min: 0, max: 280 }));
const strokes = fc.array(fc.array(point, { minLength: 1, maxLength: 8 }), {
  minLength: 1,
  maxLength: 3,
});

/** The middle of the ink, in pixels. */
function middle(pixels: Uint8Array): readonly [number, number] {
  let [mass, x, y] = [0, 0, 0];
  pixels.forEach((ink, i) => {
    mass += ink;
    x += ink * ((i % 28) + 0.5);
    y += ink * (Math.floor(i / 28) + 0.5);
  });
  return [x / mass, y / mass];
}

/** A frame around all strokes: with it no drawing is moved so far that ink is cut off. */
const frame: Stroke = [
  [0, 0],
  [280, 0],
  [280, 280],
  [0, 280],
  [0, 0],
];

test("the center of mass is in the middle", () => {
  fc.assert(
    fc.property(strokes, (strokes) => {
      const [x, y] = middle(digitOf([frame, ...strokes])!);
      expect(Math.abs(x - 14)).toBeLessThan(0.25);
      expect(Math.abs(y - 14)).toBeLessThan(0.25);
    }),
  );
});

test("neither size nor place of the drawing matter", () => {
  const seven: Stroke[] = [
    [
      [10, 10],
      [60, 10],
      [30, 80],
    ],
  ];
  const moved = seven.map((stroke) => stroke.map(([x, y]) => [100 + 2 * x, 20 + 2 * y] as const));
  expect(digitOf(moved)).toEqual(digitOf(seven));
});

test("the longer side has 20 pixels, a vertical line is as wide as the pen", () => {
  const pixels = digitOf([
    [
      [50, 0],
      [50, 200],
    ],
  ])!;
  const rows = Array.from({ length: 28 }, (_, y) => pixels.slice(28 * y, 28 * y + 28));
  expect(rows.filter((row) => row.some((ink) => ink > 127)).length).toBe(20);
  expect(rows[14]!.reduce((sum, ink) => sum + ink, 0) / 255).toBeCloseTo(2.4, 1);
});

test("without a point there is no digit", () => {
  expect(digitOf([])).toBeUndefined();
});
