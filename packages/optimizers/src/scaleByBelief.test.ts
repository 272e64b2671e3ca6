import { expect, test } from "vitest";
import { scaleByBelief } from "./scaleByBelief.js";
import { updatesOf } from "./internal/testing/updatesOf.js";

test("steps grow where gradients are near their mean, and stay small where they vary", () => {
  const steady = updatesOf(
    scaleByBelief({ beta2: 0.9 }),
    Array.from({ length: 60 }, () => [1]),
  ).at(-1)![0]!;
  const jumping = updatesOf(
    scaleByBelief({ beta2: 0.9 }),
    Array.from({ length: 60 }, (_, i) => [i % 2 === 0 ? 1 : -1]),
  ).at(-1)![0]!;
  expect(steady).toBeGreaterThan(10);
  expect(Math.abs(jumping)).toBeLessThan(0.2);
});
test("refuses an ε below 0", () =>
  expect(() => scaleByBelief({ epsRoot: -1 })).toThrow(
    "scaleByBelief: expected a finite epsRoot ≥ 0, got -1",
  ));
