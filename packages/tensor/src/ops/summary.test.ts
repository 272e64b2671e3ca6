import { expect, test } from "vitest";
import { gradients } from "../gradients.js";
import { summary } from "./summary.js";
import { tensor, zeros } from "./leaf.js";

test("the mean, the standard deviation and counts of each column of each matrix", () => {
  const x = tensor([1, 0, 3, 0, -1, 6, 5, 6, 0, 6, Infinity, 6], [2, 3, 2]);
  const y = summary(x);
  expect(y).toMatchObject({ shape: [4, 2, 2], dtype: "float32" });
  const [means, stds, zeros, nonFinite] = [0, 4, 8, 12].map((i) => [...y.data()].slice(i, i + 4));
  expect(means).toEqual([1, 2, NaN, 6]);
  expect(stds![0]).toBeCloseTo(Math.sqrt(8 / 3), 6);
  expect(stds![1]).toBeCloseTo(Math.sqrt(8), 6);
  expect(stds![2]).toBeNaN();
  expect(stds![3]).toBe(0);
  expect(zeros).toEqual([0, 2, 1, 0]);
  expect(nonFinite).toEqual([0, 0, 1, 0]);
});

test("is right where squares over- or underflow, and for integers", () => {
  const sizes = [3e38, 1e-30, 1e-44];
  for (const size of sizes) {
    const [mean, std] = summary(tensor([size, -size], [2, 1])).data();
    expect(mean).toBe(0);
    expect(std).toBe(Math.fround(size));
  }
  expect([...summary(tensor(Int32Array.of(3, 5), [2, 1])).data()]).toEqual([4, 1, 0, 0]);
});

test("no gradient passes; a tensor without rows and columns is refused", () => {
  const x = tensor([1, 2], [2, 1]);
  expect([...gradients(summary(x).sum(), x).data()]).toEqual([0, 0]);
  expect(() => summary(zeros([3]))).toThrow("summary: expected an axis from -1 to 0, got -2");
});
