import { expect, expectTypeOf, test } from "vitest";
import { gridOf } from "./index.js";

test("has all combinations, the last option changing fastest, by readable names", () => {
  const grid = gridOf({ dropout: [0, 0.5], width: [32, 64] });
  expect(Object.entries(grid)).toEqual([
    ["dropout=0 width=32", { dropout: 0, width: 32 }],
    ["dropout=0 width=64", { dropout: 0, width: 64 }],
    ["dropout=0.5 width=32", { dropout: 0.5, width: 32 }],
    ["dropout=0.5 width=64", { dropout: 0.5, width: 64 }],
  ]);
  expectTypeOf(grid["x"]!).toEqualTypeOf<{
    readonly dropout: 0 | 0.5;
    readonly width: 32 | 64;
  }>();
});

test("takes any values in JSON", () => {
  const grid = gridOf({ kind: ["adam", "sgd"], norm: [true, null], sizes: [[3, 3], { a: 1 }] });
  expect(Object.keys(grid)).toHaveLength(8);
  expect(Object.keys(grid)[0]).toBe("kind=adam norm=true sizes=[3,3]");
  expect(Object.values(grid).at(-1)).toEqual({ kind: "sgd", norm: null, sizes: { a: 1 } });
});

test("refuses an empty grid, an empty list, and a value that comes twice", () => {
  expect(() => gridOf({})).toThrow("gridOf: expected at least one option with its values, got {}");
  expect(() => gridOf({ width: [] })).toThrow(
    "gridOf: expected width as a list of at least one value, got []",
  );
  expect(() => gridOf({ width: 3 as never })).toThrow(
    "gridOf: expected width as a list of at least one value, got 3",
  );
  expect(() => gridOf({ width: [3, 4, 3] })).toThrow(
    "gridOf: expected width as a list of different values, got 3 twice",
  );
});

test("values of different types that read alike have different names", () => {
  const grid = gridOf({ a: [1, "1"], b: ["x"] });
  expect(Object.entries(grid)).toEqual([
    ["a=1 b=x", { a: 1, b: "x" }],
    ['a="1" b=x', { a: "1", b: "x" }],
  ]);
});
