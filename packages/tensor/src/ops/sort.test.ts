import fc from "fast-check";
import { expect, test } from "vitest";
import { gradcheck, testValues } from "../internal/gradcheck.js";
import { tensor } from "./leaf.js";
import { argSort, sort, topK } from "./sort.js";

/** JavaScript's order, NaN last and equal values as they come. */
const sorted = (row: readonly number[], descending: boolean): number[] => {
  const key = (x: number): number => (Number.isNaN(x) ? Infinity : x);
  return row
    .map((x, i) => [x, i] as const)
    .sort(([a, i], [b, j]) => {
      const nan = Number(Number.isNaN(a)) - Number(Number.isNaN(b));
      const order = nan || (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0);
      return (descending ? -order : order) || i - j;
    })
    .map(([, i]) => i);
};
const value = fc.oneof(
  fc.constantFrom(NaN, Infinity, -Infinity, 0),
  fc.integer({ min: -9, max: 9 }),
);
const rows = fc
  .integer({ min: 1, max: 6 })
  .chain((n) => fc.array(fc.array(value, { minLength: n, maxLength: n }), { minLength: 1 }));

test("is JavaScript's sort, with NaN last and equal values in their order", () =>
  fc.assert(
    fc.property(rows, fc.boolean(), (given, descending) => {
      const x = tensor(given.flat(), [given.length, given[0]!.length]);
      const indices = given.map((row) => sorted(row, descending));
      expect([...argSort(x, { descending }).data()]).toEqual(indices.flat());
      const float32 = given.map((row, i) => indices[i]!.map((k) => Math.fround(row[k]!)));
      expect([...sort(x, { descending }).data()]).toEqual(float32.flat());
    }),
  ));

test("sorts along any axis, integers as integers", () => {
  const x = tensor([3, 1, 2, 5, 0, 4], [3, 2], "int32");
  expect(sort(x, { axis: 0 }).value()).toMatchObject({ shape: [3, 2], dtype: "int32" });
  expect([...sort(x, { axis: 0 }).data()]).toEqual([0, 1, 2, 4, 3, 5]);
  expect([...argSort(x, { axis: -2 }).data()]).toEqual([2, 0, 1, 2, 0, 1]);
});

test("takes the largest or the smallest, first of equals first", () => {
  const x = tensor([2, 7, 7, 1]);
  const { values, indices } = topK(x, 3);
  expect([...values.data()]).toEqual([7, 7, 2]);
  expect(indices.value()).toEqual({ shape: [3], dtype: "int32", data: Int32Array.of(1, 2, 0) });
  expect([...topK(x, 2, { largest: false }).values.data()]).toEqual([1, 2]);
  expect(topK(x, 0).values.shape).toEqual([0]);
});

test("gradients go where the values came from", () => {
  gradcheck((x) => sort(x, { axis: 1 }), [testValues([2, 4, 2])]);
  gradcheck((x) => topK(x, 2).values, [testValues([2, 5])]);
});

test("refuses more values than there are, and an axis that is not there", () => {
  expect(() => topK(tensor([1, 2]), 3)).toThrow(
    "topK: expected k as an integer from 0 to 2, the size of axis -1 of [2], got 3",
  );
  expect(() => sort(tensor([1, 2]), { axis: 1 })).toThrow("sort: expected");
});
