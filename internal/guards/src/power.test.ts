import fc from "fast-check";
import { expect, test } from "vitest";
import { power } from "./index.js";

test("whole powers", () => {
  expect(power(0.5, 10)).toBe(1 / 1024);
  expect(power(3, 0)).toBe(1);
  expect(power(0, 3)).toBe(0);
  expect(power(0.9, 1)).toBe(0.9);
});

test("as close to Math.pow as the exponent allows", () => {
  fc.assert(
    fc.property(
      fc.double({ min: 0.01, max: 1, noNaN: true }),
      fc.integer({ min: 0, max: 1e6 }),
      (base, exponent) => {
        const expected = Math.pow(base, exponent);
        return (
          Math.abs(power(base, exponent) - expected) <= (exponent + 1) * 2e-16 * expected + 1e-300
        );
      },
    ),
  );
});
