import { expect, test } from "vitest";
import { powerOf096, realPower } from "./realPower.js";

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
