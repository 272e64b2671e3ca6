import { expect, test } from "vitest";
import { scaleByRadam } from "./scaleByRadam.js";
import { updatesOf } from "./internal/testing/updatesOf.js";

test("after many steps it is Adam", () => {
  const updates = updatesOf(
    scaleByRadam({ beta2: 0.9, eps: 1e-30 }),
    Array.from({ length: 300 }, () => [5]),
  );
  expect(updates[3]![0]).toBeCloseTo(5, 12); // not yet divided
  expect(updates[299]![0]).toBeCloseTo(1, 6); // its sign
});
test("refuses a threshold at which the root is of a negative number", () =>
  expect(() => scaleByRadam({ threshold: 3 })).toThrow(
    "scaleByRadam: expected threshold ≥ 4, got 3; use 5",
  ));
