import { random } from "@tenon/random";
import { expect, test } from "vitest";
import { fanInUniform, lecunUniform } from "./index.js";

test("a kernel's values are LeCun's with gain 1/√3", () => {
  const other = lecunUniform({ gain: Math.sqrt(1 / 3) });
  expect(fanInUniform()([3, 3, 2, 5], random(1))).toEqual(other([3, 3, 2, 5], random(1)));
});

test("a bias lies within ±1/√fan_in of the kernel beside it", () => {
  const bias = fanInUniform().forKernel!([3, 3, 4, 200])([200], random(1));
  const bound = 1 / Math.sqrt(36);
  expect(bias).toHaveLength(200);
  expect(Math.max(...bias)).toBeLessThanOrEqual(bound);
  expect(Math.max(...bias)).toBeGreaterThan(0.9 * bound);
  expect(Math.min(...bias)).toBeLessThan(-0.9 * bound);
});

test("refuses options", () => {
  expect(() => (fanInUniform as (options: object) => unknown)({ gain: 1 })).toThrow(
    "fanInUniform: expected",
  );
});
