import { expect, test } from "vitest";
import { oneHot } from "./index.js";

test("a one at the label, zeros elsewhere", () => {
  expect(oneHot({ shape: [3], dtype: "int32", data: Uint8Array.of(2, 0, 1) }, 3)).toEqual({
    shape: [3, 3],
    dtype: "float32",
    data: Float32Array.of(0, 0, 1, 1, 0, 0, 0, 1, 0),
  });
  expect(oneHot({ shape: [1, 2], dtype: "int32", data: Int32Array.of(1, 0) }, 2).shape).toEqual([
    1, 2, 2,
  ]);
});

test("refuses labels out of range", () => {
  expect(() => oneHot({ shape: [2], dtype: "int32", data: Int32Array.of(0, 3) }, 3)).toThrow(
    "oneHot: expected labels to be whole numbers in [0, 3), got 3 at 1",
  );
  expect(() => oneHot({ shape: [1], dtype: "int32", data: Int32Array.of(-1) }, 3)).toThrow(
    "got -1 at 0",
  );
  expect(() => oneHot({ shape: [1], dtype: "int32", data: Int32Array.of(0) }, 1.5)).toThrow(
    "oneHot: expected a whole classes ≥ 1, got 1.5",
  );
});
