import { expect, test } from "vitest";
import { projected } from "./internal/plainRun.js";
import { unitNorm } from "./unitNorm.js";

test("every column has the norm, and zeros stay zeros", () => {
  const [a, zero, b, otherZero] = projected(unitNorm({ norm: 2 }), {
    shape: [2, 2],
    data: [30, 0, -40, 0],
  });
  expect([a, zero, b, otherZero]).toEqual([expect.closeTo(1.2, 6), 0, expect.closeTo(-1.6, 6), 0]);
});
test("refuses a norm of zero", () =>
  expect(() => unitNorm({ norm: 0 })).toThrow("unitNorm: expected a finite norm > 0, got 0"));
