import { expect, test } from "vitest";
import { plain, plainClock } from "./plain.js";

const matrix = plain([1, -2, 3, -4, 5, -6], [2, 3]);

test("arithmetic with values, rows, columns and scalars", () => {
  expect([...matrix.add(1).data]).toEqual([2, -1, 4, -3, 6, -5]);
  expect([...matrix.mul(plain([1, 10, 100])).data]).toEqual([1, -20, 300, -4, 50, -600]);
  expect([...matrix.sub(plain([1, 2], [2, 1])).data]).toEqual([0, -3, 2, -6, 3, -8]);
  expect([...plain([6], []).div(plain([1, 2, 3])).data]).toEqual([6, 3, 2]);
  expect([...matrix.maximum(0).data]).toEqual([1, 0, 3, 0, 5, 0]);
  expect([...matrix.minimum(0).neg().data]).toEqual([-0, 2, -0, 4, -0, 6]);
  expect([...matrix.square().sqrt().data]).toEqual([...matrix.abs().data]);
  expect([...plain([-2, 0, 3]).sign().data]).toEqual([-1, 0, 1]);
});

test("a column and a row make a matrix", () => {
  const product = plain([1, 2], [2, 1]).mul(plain([3, 4, 5], [1, 3]));
  expect(product.shape).toEqual([2, 3]);
  expect([...product.data]).toEqual([3, 4, 5, 6, 8, 10]);
});

test("sums over all axes, over some, and kept", () => {
  expect(matrix.sum().shape).toEqual([]);
  expect([...matrix.sum().data]).toEqual([-3]);
  expect([...matrix.sum([0]).data]).toEqual([-3, 3, -3]);
  expect(matrix.sum([-1], true).shape).toEqual([2, 1]);
  expect([...matrix.sum([-1], true).data]).toEqual([2, -5]);
});

test("shapes that do not broadcast are refused", () => {
  expect(() => matrix.add(plain([1, 2]))).toThrow("shapes [2, 3] and [2] do not broadcast");
});

test("a clock evaluates schedules at the step", () => {
  expect([...plainClock(3).value((step) => step * 2).data]).toEqual([6]);
  expect([...plainClock(3).value(0.5).data]).toEqual([0.5]);
});
