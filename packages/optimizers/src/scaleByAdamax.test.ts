import { expect, test } from "vitest";
import { scaleByAdamax } from "./scaleByAdamax.js";
import { updatesOf } from "./internal/testing/updatesOf.js";

test("divides by the largest gradient, which decays", () => {
  const [first, second] = updatesOf(scaleByAdamax({ beta1: 0, beta2: 0.5, eps: 1e-30 }), [
    [8],
    [1],
  ]);
  expect([first![0], second![0]]).toEqual([1, 0.25]);
});
test("refuses a decay of 1", () =>
  expect(() => scaleByAdamax({ beta2: 1 })).toThrow(
    "scaleByAdamax: expected beta2 in [0, 1), got 1; use 0.999",
  ));
