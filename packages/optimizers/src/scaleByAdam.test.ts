import { expect, test } from "vitest";
import { scaleByAdam } from "./scaleByAdam.js";
import { updatesOf } from "./internal/testing/updatesOf.js";

test("a constant gradient of any size becomes its sign", () => {
  for (const g of [1e-4, 3, -200]) {
    for (const [u] of updatesOf(
      scaleByAdam({ eps: 1e-30 }),
      Array.from({ length: 30 }, () => [g]),
    ))
      expect(u).toBeCloseTo(Math.sign(g), 12);
  }
});

test("zeros give no step", () => expect(updatesOf(scaleByAdam(), [[0], [0]])).toEqual([[0], [0]]));

test("amsgrad divides by the largest gradient so far", () => {
  const gradients = [[10], ...Array.from({ length: 200 }, () => [0.1])];
  const [plain, largest] = [false, true].map(
    (amsgrad) => updatesOf(scaleByAdam({ amsgrad, beta2: 0.9 }), gradients).at(-1)![0]!,
  );
  expect(plain).toBeCloseTo(1, 3);
  expect(largest).toBeLessThan(0.05);
});

test("its name shows its slots", () => {
  expect(Object.keys(scaleByAdam().slots({ w: [1] }))).toEqual(["scaleByAdam/m", "scaleByAdam/v"]);
  expect(Object.keys(scaleByAdam({ amsgrad: true }).slots({ w: [1] }))).toEqual([
    "scaleByAmsgrad/m",
    "scaleByAmsgrad/v",
    "scaleByAmsgrad/u",
  ]);
});

test("refuses options that exclude each other", () => {
  expect(() => scaleByAdam({ beta1: 1.5 })).toThrow(
    "scaleByAdam: expected beta1 in [0, 1), got 1.5; use 0.9",
  );
  expect(() => scaleByAdam({ beta2: NaN })).toThrow(
    "scaleByAdam: expected beta2 in [0, 1), got NaN; use 0.999",
  );
  expect(() => scaleByAdam({ eps: -1 })).toThrow("scaleByAdam: expected a finite eps ≥ 0, got -1");
  expect(() => scaleByAdam({ epsHat: true, amsgrad: "corrected" })).toThrow("got both");
});
