import { plain } from "@tenon/testkit";
import { expect, test } from "vitest";
import { globalNorm } from "./globalNorm.js";

const arrays = { a: plain([3]), b: plain([0, -12, 4], [1, 3]) };

test("of all arrays as one", () => {
  expect([...globalNorm(arrays).data]).toEqual([13]);
  expect([...globalNorm(arrays, 1).data]).toEqual([19]);
  expect(globalNorm(arrays).shape).toEqual([]);
});
test("refuses an empty list of arrays", () =>
  expect(() => globalNorm({})).toThrow("globalNorm: expected at least one array, got none"));

test("refuses arrays that no engine can compute with", () =>
  expect(() =>
    globalNorm({ a: { shape: [2], dtype: "float32", data: Float32Array.of(3, 4) } } as never),
  ).toThrow("globalNorm: expected arrays of an engine, such as tensor([3, 4]), got float32 [2]"));
