import { expect, test } from "vitest";
import { gradcheck, testValues } from "../internal/gradcheck.js";
import type { Tensor } from "../tensor.js";
import { arange, tensor, zeros } from "./leaf.js";
import { diagonal, flip, repeat, roll, split, tile, tril, triu } from "./rearrange.js";

const list = (x: Tensor): number[] => [...x.data()];
const x = arange(6).reshape([2, 3]);

test("flip", () => {
  expect(list(flip(x))).toEqual([5, 4, 3, 2, 1, 0]);
  expect(list(flip(x, -1))).toEqual([2, 1, 0, 5, 4, 3]);
  expect(flip(zeros([0, 2])).shape).toEqual([0, 2]);
});

test("roll", () => {
  expect(list(roll(x, 1, 1))).toEqual([2, 0, 1, 5, 3, 4]);
  expect(list(roll(x, -1, 1))).toEqual([1, 2, 0, 4, 5, 3]);
  expect(list(roll(x, 7, 0))).toEqual([3, 4, 5, 0, 1, 2]);
  expect(roll(x, 4, 0)).toBe(x);
  expect(roll(zeros([0]), 1, 0).shape).toEqual([0]);
});

test("tile and repeat", () => {
  expect(list(tile(arange(2), [2]))).toEqual([0, 1, 0, 1]);
  expect(tile(arange(2), [3, 2]).shape).toEqual([3, 4]);
  expect(list(tile(x, [2]))).toEqual([0, 1, 2, 0, 1, 2, 3, 4, 5, 3, 4, 5]);
  expect(list(repeat(x, 2, 1))).toEqual([0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5]);
  expect(list(repeat(x, 2, 0))).toEqual([0, 1, 2, 0, 1, 2, 3, 4, 5, 3, 4, 5]);
  expect(repeat(x, 0, 0).shape).toEqual([0, 3]);
});

test("split is undone by concat", () => {
  const [a, b, c] = split(x, [1, 0, 2], 1) as [Tensor, Tensor, Tensor];
  expect([list(a), list(b), list(c)]).toEqual([[0, 3], [], [1, 2, 4, 5]]);
});

test("triangles and diagonals", () => {
  expect(list(tril(x))).toEqual([0, 0, 0, 3, 4, 0]);
  expect(list(triu(x))).toEqual([0, 1, 2, 0, 4, 5]);
  expect(list(triu(x, 2))).toEqual([0, 0, 2, 0, 0, 0]);
  expect(list(tril(x, -1))).toEqual([0, 0, 0, 3, 0, 0]);
  expect(tril(x).dtype).toBe("int32");
  expect(
    list(
      tril(
        tensor([
          [1, NaN],
          [2, 3],
        ]),
      ),
    ),
  ).toEqual([1, 0, 2, 3]);
  expect([0, 1, 2, 3, -1, -2].map((offset) => list(diagonal(x, offset)))).toEqual([
    [0, 4],
    [1, 5],
    [2],
    [],
    [3],
    [],
  ]);
  expect(list(diagonal(arange(8).reshape([2, 2, 2])))).toEqual([0, 3, 4, 7]);
});

test("gradients of finite differences, and theirs", () => {
  const rows = [testValues([2, 3])];
  gradcheck((y) => flip(y.square()), rows);
  gradcheck((y) => roll(y.square(), 2, 1), rows);
  gradcheck((y) => tile(y.square(), [2, 1, 2]), rows);
  gradcheck((y) => repeat(y.square(), 3, 0), rows);
  gradcheck((y) => split(y.square(), [1, 2], 1)[1]!, rows);
  gradcheck((y) => tril(y.square()), rows);
  gradcheck((y) => triu(y.square(), 1), rows);
  gradcheck((y) => diagonal(y.square(), 1), rows);
});

test("impossible arguments are refused by name", () => {
  expect(() => split(x, [1, 1], 1)).toThrow(
    "split: expected sizes that add up to 3, that of axis 1 of [2, 3], got [1, 1]",
  );
  expect(() => roll(x, 0.5, 0)).toThrow("roll: expected an integer shift, got 0.5");
  expect(() => tile(x, [-1])).toThrow("tile: expected counts that are integers ≥ 0, got [-1]");
  expect(() => repeat(x, 1.5, 0)).toThrow(
    "repeat: expected a count that is an integer ≥ 0, got 1.5",
  );
  expect(() => tril(arange(3))).toThrow("tril: expected at least two axes, got [3]");
  expect(() => diagonal(arange(3))).toThrow("diagonal: expected at least two axes, got [3]");
  expect(() => diagonal(x, 0.5)).toThrow("diagonal: expected an integer offset, got 0.5");
});
