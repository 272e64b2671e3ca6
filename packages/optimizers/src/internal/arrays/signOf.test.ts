import { expect, test } from "vitest";
import { signOf } from "./signOf.js";

test("signOf is Math.sign", () => {
  for (const x of [1, -1, 0, -0, 5e-324, -5e-324, Infinity, -Infinity, NaN, 0.3, -1e300])
    expect(signOf(x)).toBe(Math.sign(x));
});
