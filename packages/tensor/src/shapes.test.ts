import { expect, test } from "vitest";
import {
  axesOf,
  axisOf,
  broadcastShapes,
  checkShape,
  sameShape,
  show,
  sizeOf,
  stridesOf,
} from "./shapes.js";

test("sizes, strides, words", () => {
  expect([sizeOf([]), sizeOf([2, 3]), sizeOf([2, 0])]).toEqual([1, 6, 0]);
  expect([stridesOf([]), stridesOf([2, 3, 4])]).toEqual([[], [12, 4, 1]]);
  expect([show([]), show([2, 3])]).toEqual(["[]", "[2, 3]"]);
  expect([sameShape([1], [1]), sameShape([1], [1, 1]), sameShape([2], [3])]).toEqual([
    true,
    false,
    false,
  ]);
});

test("broadcasting: from the last, equal or 1", () => {
  expect(broadcastShapes("f", [3, 1, 2], [4, 1])).toEqual([3, 4, 2]);
  expect(broadcastShapes("f", [], [2])).toEqual([2]);
  expect(broadcastShapes("f", [1], [0])).toEqual([0]);
  expect(() => broadcastShapes("f", [2], [0])).toThrow(
    "f: expected shapes that broadcast, got [2] and [0]",
  );
});

test("axes, counted from the front", () => {
  expect(axisOf("f", -1, 3)).toBe(2);
  expect(axesOf("f", undefined, 2)).toEqual([0, 1]);
  expect(axesOf("f", [-1, 0], 3)).toEqual([0, 2]);
  expect(() => axisOf("f", 3, 3)).toThrow("f: expected an axis from -3 to 2, got 3");
  expect(() => axisOf("f", -1, 0)).toThrow(
    "f: expected a tensor with axes, got a scalar (and axis -1)",
  );
  expect(() => axesOf("f", [0, 0], 1)).toThrow("f: expected each axis once, got [0, 0]");
});

test("sizes are integers ≥ 0", () => {
  checkShape("f", [0, 3]);
  for (const shape of [[-1], [1.5], [NaN], [Infinity]])
    expect(() => checkShape("f", shape)).toThrow("f: expected sizes that are integers ≥ 0");
});
