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
