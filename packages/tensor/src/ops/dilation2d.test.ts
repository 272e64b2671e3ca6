import { expect, test } from "vitest";
import { gradcheck, testValues } from "../internal/gradcheck.js";
import { dilation2d } from "./dilation2d.js";
import { ones, tensor } from "./leaf.js";

test("is the formula, with strides, padding and dilation", () => {
  const [x, w] = [testValues([5, 6]).data, testValues([2, 3], 50).data];
  const y = dilation2d(tensor([...x], [1, 5, 6, 1]), tensor([...w], [2, 3, 1]), {
    strides: [2, 1],
    padding: [1, 0],
    dilation: [1, 2],
  });
  expect(y.shape).toEqual([1, 3, 2, 1]);
  const values = y.data();
  for (let i = 0; i < 3; i++)
    for (let j = 0; j < 2; j++) {
      const sums: number[] = [];
      for (let k = 0; k < 2; k++)
        for (let l = 0; l < 3; l++) {
          const row = 2 * i + k - 1;
          if (row >= 0 && row < 5) sums.push(x[row * 6 + j + 2 * l]! + w[k * 3 + l]!);
        }
      expect(values[i * 2 + j]).toBeCloseTo(Math.max(...sums), 6);
    }
});

test("its gradients, for the image and the kernel", () =>
  gradcheck((x, w) => dilation2d(x, w), [testValues([1, 3, 4, 2]), testValues([2, 2, 2], 50)]));

test("refuses a kernel of other channels, and one that is too large", () => {
  expect(() => dilation2d(ones([1, 3, 3, 2]), ones([2, 2, 1]))).toThrow(
    "dilation2d: expected an image [n, height, width, channels] and a kernel [rows, columns, channels]",
  );
  expect(() => dilation2d(ones([1, 3, 3, 2]), ones([4, 2, 2]))).toThrow("at least as large");
});
