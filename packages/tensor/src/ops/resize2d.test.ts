import { expect, test } from "vitest";
import { gradcheck, testValues } from "../internal/gradcheck.js";
import { ones, tensor } from "./leaf.js";
import { resize2d } from "./resize2d.js";

const row = tensor([0, 10, 20], [1, 1, 3, 1]);
const columns = (size: number, options = {}): number[] => [
  ...resize2d(row, [1, size], options).data(),
];

test("nearest: the cell under each new cell's start", () => {
  expect(columns(6)).toEqual([0, 0, 10, 10, 20, 20]);
  expect(columns(5)).toEqual([0, 0, 10, 10, 20]);
  expect(columns(2)).toEqual([0, 10]);
});

test("bilinear: edges or corner centers stay", () => {
  const interpolation = "bilinear";
  expect(columns(6, { interpolation })).toEqual([0, 2.5, 7.5, 12.5, 17.5, 20]);
  expect(columns(5, { interpolation, alignCorners: true })).toEqual([0, 5, 10, 15, 20]);
  expect(columns(1, { interpolation, alignCorners: true })).toEqual([0]);
  expect(columns(3, { interpolation })).toEqual([0, 10, 20]);
});

test("its gradients", () => {
  gradcheck((x) => resize2d(x, [3, 5]), [testValues([2, 2, 3, 2])]);
  gradcheck((x) => resize2d(x, 4, { interpolation: "bilinear" }), [testValues([2, 2, 3, 2])]);
});

test("refuses an interpolation that it lacks", () => {
  expect(() => resize2d(ones([1, 2, 2, 1]), 3, { interpolation: "cubic" as never })).toThrow(
    'resize2d: expected interpolation "nearest" or "bilinear", got "cubic"',
  );
  expect(() => resize2d(ones([2, 2]), 3)).toThrow("resize2d: expected an image");
});
