import { expect, test } from "vitest";
import { halfCosine, power } from "./curves.js";

/** Numbers from 0 to 1, also some near both ends. */
const fractions = Array.from({ length: 1001 }, (_, i) => i / 1000).concat([
  1e-33,
  1e-9,
  1 - 1e-9,
  1 - 2 ** -53,
]);

/** How far a value is from another, compared with it. */
const relative = (value: number, right: number): number =>
  value === right ? 0 : Math.abs(value / right - 1);

test("half a cosine is right in its last digits, also where it is almost 0", () => {
  for (const t of fractions)
    expect(relative(halfCosine(t), Math.sin((Math.PI / 2) * (1 - t)) ** 2)).toBeLessThan(1e-15);
  expect([halfCosine(0), halfCosine(1), halfCosine(2), halfCosine(3)]).toEqual([1, 0, 1, 0]);
  expect(halfCosine(0.5)).toBeCloseTo(0.5, 15);
});

test.each([1, 2, 3, 0.5, 0.9, 1.5, 2.7, 10, 1 / 3, 1e-3, 1e-300, 0])(
  "a power of %d",
  (exponent) => {
    for (const base of fractions)
      expect(relative(power(base, exponent), base ** exponent)).toBeLessThan(1e-14);
  },
);

test("the first power is the number itself, and a power of 0 is 0", () => {
  for (const base of fractions) expect(power(base, 1)).toBe(base);
  expect([power(0, 0.3), power(0, 7), power(1, 0.3), power(1, 1e300)]).toEqual([0, 0, 1, 1]);
});
