import { expect, test } from "vitest";
import { projected } from "./internal/plainRun.js";
import { minMaxNorm } from "./minMaxNorm.js";

test("between two bounds, all at once or part of the way", () => {
  const w = { shape: [1, 3], data: [0.5, 2, 5] };
  const close = (values: number[]): unknown[] => values.map((x) => expect.closeTo(x, 6));
  expect(projected(minMaxNorm({ min: 1, max: 3 }), w)).toEqual(close([1, 2, 3]));
  expect(projected(minMaxNorm({ min: 1, max: 3, rate: 0.5 }), w)).toEqual(close([0.75, 2, 4]));
});
test("refuses bounds in the wrong order, and a rate above 1", () => {
  expect(() => minMaxNorm({ min: 2, max: 1 })).toThrow(
    "minMaxNorm: expected min ≤ max, got 2 and 1",
  );
  expect(() => minMaxNorm({ rate: 2 })).toThrow("minMaxNorm: expected rate in (0, 1], got 2");
});
