import { expect, test } from "vitest";
import { expectClose } from "./expectClose.js";

test("is relative above 1 and absolute below", () => {
  expectClose([1e6 + 5e-5], [1e6], 1e-10);
  expectClose([9e-11, -9e-11], [0, 0]);
  expect(() => expectClose([1e6 + 2e-4], [1e6], 1e-10)).toThrow("expected 1000000 at 0");
  expect(() => expectClose([2e-10], [0])).toThrow(
    "expected 0 at 0, got 2e-10 (off by 2e-10, allowed 1e-10)",
  );
});

test("names the worst, and what it is a number of", () => {
  expect(() =>
    expectClose(Float64Array.of(1.1, 2, 9, 4), [1, 2, 3, 4], 1e-3, "gradient of w"),
  ).toThrow("gradient of w: expected 3 at 2, got 9 (off by 2, allowed 0.001)");
});

test("NaN equals NaN, an infinity itself; neither equals anything else", () => {
  expectClose([NaN, Infinity, -Infinity], [NaN, Infinity, -Infinity]);
  for (const [actual, expected] of [
    [NaN, 1],
    [1, NaN],
    [Infinity, 1],
    [1, Infinity],
    [Infinity, -Infinity],
    [Infinity, NaN],
    [NaN, -Infinity],
  ] as const) {
    expect(() => expectClose([0, actual], [0, expected], 1e-3), `${actual}, ${expected}`).toThrow(
      `expected ${expected} at 1, got ${actual}`,
    );
    expect(
      () => expectClose([actual, 0], [expected, 5], 1e-3),
      `${actual}, ${expected} next to a difference`,
    ).toThrow("off by");
  }
});

test("counts", () => {
  expect(() => expectClose([], [1])).toThrow("number of values");
  expect(() => expectClose([1, 2], [1], 1e-3, "w")).toThrow("w: number of values");
});
