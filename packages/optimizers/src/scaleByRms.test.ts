import { expect, test } from "vitest";
import { scaleByRms } from "./scaleByRms.js";
import { updatesOf } from "./internal/testing/updatesOf.js";

test("the first step is g / √((1 − ρ)g²), with its bias corrected the sign", () => {
  expect(updatesOf(scaleByRms({ decay: 0.75, eps: 1e-30 }), [[-3]])[0]![0]).toBeCloseTo(-2, 12);
  expect(
    updatesOf(scaleByRms({ decay: 0.75, eps: 1e-30, biasCorrection: true }), [[-3]])[0]![0],
  ).toBeCloseTo(-1, 12);
});

test("ε is added inside the root or outside", () => {
  expect(updatesOf(scaleByRms({ decay: 0, eps: 1 }), [[3]])[0]![0]).toBeCloseTo(3 / 4, 12);
  expect(updatesOf(scaleByRms({ decay: 0, eps: 0, epsRoot: 16 }), [[3]])[0]![0]).toBeCloseTo(
    3 / 5,
    12,
  );
  expect(
    updatesOf(scaleByRms({ decay: 0.5, start: 32, eps: 0, epsRoot: 4.5 }), [[3]])[0]![0],
  ).toBeCloseTo(3 / 5, 12);
});

test("centered, a constant gradient has no variance, and rounding gives no NaN", () => {
  for (const [u] of updatesOf(
    scaleByRms({ decay: 0.9, centered: true, eps: 1e-3 }),
    Array.from({ length: 500 }, () => [0.1]),
  ))
    expect(u).toBeGreaterThan(0);
});

test("refuses a decay of 1, and values below 0", () => {
  expect(() => scaleByRms({ decay: 1 })).toThrow(
    "scaleByRms: expected decay in [0, 1), got 1; use 0.9",
  );
  expect(() => scaleByRms({ eps: -1 })).toThrow("scaleByRms: expected a finite eps ≥ 0, got -1");
  expect(() => scaleByRms({ start: -1 })).toThrow(
    "scaleByRms: expected a finite start ≥ 0, got -1",
  );
});
