import fc from "fast-check";
import { expect, test } from "vitest";
import { power, powerOf096, realPower } from "./power.js";

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

test("real powers, as close as the exponent of e allows", () => {
  for (const base of [1e-100, 1e-6, 0.3, 0.96, 1, 2, 7, 1e4, 1e12])
    for (const exponent of [-0.8, -0.5, 0, 1 / 3, 1, 2.5]) {
      const error = Math.abs(realPower(base, exponent) / Math.pow(base, exponent) - 1);
      const allowed = 1e-14 * (1 + Math.abs(exponent * Math.log(base)));
      expect(error, `${base}^${exponent}`).toBeLessThan(allowed);
    }
  expect(realPower(2, 0)).toBe(1);
  expect(powerOf096(2.5)).toBeCloseTo(0.96 ** 2.5, 14);
});
