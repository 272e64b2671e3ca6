import { expect, test } from "vitest";
import { embedding } from "./index.js";
import { run } from "./internal/testing.js";

const params = { table: { shape: [3, 2], data: [1, 2, 3, 4, 5, 6] } };
const x = { shape: [1, 4], data: [2, 0, 2, 2] };

test("selects rows by index", () => {
  const { y } = run(embedding(3, 2), { x, params, integers: true });
  expect(y.shape).toEqual([1, 4, 2]);
  expect(Array.from(y.data)).toEqual([5, 6, 1, 2, 5, 6, 5, 6]);
  expect(embedding(3, 2).plan([4]).output).toEqual([4, 2]);
});

test("the gradients of a row that comes up often add up; those of the others are 0", () => {
  const dy = { shape: [1, 4, 2], data: [1, 10, 2, 20, 3, 30, 4, 40] };
  expect(
    Array.from(run(embedding(3, 2), { x, dy, params, integers: true }).grads["table"]!.data),
  ).toEqual([2, 20, 0, 0, 8, 80]);
});

test("names what it expected", () => {
  expect(() => embedding(0, 2)).toThrow("embedding: expected count as an integer ≥ 1, got 0");
  expect(() => run(embedding(3, 2), { x, params })).toThrow(
    "embedding: expected int32 indices of rows, got float32; cast them",
  );
  expect(() =>
    run(embedding(3, 2), { x: { shape: [1], data: [3] }, params, integers: true }),
  ).toThrow("embedding: expected inputs below 3, the number of rows, got 3 at [0]");
});
