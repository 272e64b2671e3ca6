import { expectClose } from "@tenon/testkit";
import { expect, test } from "vitest";
import { gradients } from "../gradients.js";
import { gradcheck, testValues } from "../internal/gradcheck.js";
import { conv2d } from "./conv2d.js";
import { arange, ones, tensor } from "./leaf.js";
import { unfold2d } from "./unfold2d.js";

const options = { strides: [1, 2], padding: [1, 0], dilation: [2, 1] } as const;

test("has the windows of PyTorch's Unfold, with channels last", () => {
  const patches = unfold2d(arange(80).reshape([2, 4, 5, 2]), [2, 3], options);
  expect([patches.shape, patches.dtype]).toEqual([[2, 4, 2, 12], "int32"]);
  const values = [...patches.data()];
  const at = (n: number, row: number, column: number): number[] =>
    values.slice(((n * 4 + row) * 2 + column) * 12).slice(0, 12);
  expect(at(1, 0, 1)).toEqual([0, 0, 0, 0, 0, 0, 54, 55, 56, 57, 58, 59]);
  expect(at(0, 3, 0)).toEqual([20, 21, 22, 23, 24, 25, 0, 0, 0, 0, 0, 0]);
  expect(values.reduce((a, b) => a + b)).toBe(5688);
  expect(values.reduce((sum, v, i) => sum + ((v * i) % 97), 0)).toBe(7087);
});

test("times a kernel it is a convolution", () => {
  const x = tensor(testValues([2, 4, 5, 2]));
  const kernel = tensor(testValues([2, 3, 2, 4], 7));
  expectClose(
    unfold2d(x, [2, 3], options)
      .matmul(kernel.reshape([12, 4]))
      .data(),
    [...conv2d(x, kernel, options).data()],
    1e-5,
  );
});

test("its gradient adds windows up, as PyTorch's Fold: how many each cell is under", () => {
  const image = ones([1, 3, 3, 1]);
  expect([...gradients(unfold2d(image, 2).sum(), image).data()]).toEqual([
    1, 2, 1, 2, 4, 2, 1, 2, 1,
  ]);
  gradcheck((x) => unfold2d(x, [2, 3], options), [testValues([1, 4, 5, 2])]);
});

test("refuses windows that do not fit, by name", () => {
  expect(() => unfold2d(ones([1, 2, 2, 1]), 3)).toThrow(
    "unfold2d: expected images at least as large as the window, got [2, 2] under [3, 3]",
  );
  expect(() => unfold2d(ones([2, 2]), 1)).toThrow(
    "unfold2d: expected images [n, height, width, channels], got [2, 2]",
  );
});
