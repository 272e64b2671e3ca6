import { refusal } from "@tenon/testkit";
import { expect, test } from "vitest";
import { fans } from "./index.js";

test.each([
  [[], 1, 1],
  [[5], 5, 5],
  [[64, 32], 64, 32],
  [[7, 6, 10], 42, 70],
  [[3, 3, 8, 16], 72, 144],
  [[2, 3, 4, 5, 6], 120, 144],
  [[3, 0, 4], 0, 12],
])("fans of %j are %d and %d", (shape, fanIn, fanOut) => {
  expect(fans(shape)).toEqual({ fanIn, fanOut });
});

test("fans refuses values that are not lists", () => {
  for (const shape of [null, undefined, 3, {}] as never[])
    expect(() => fans(shape)).toThrow(refusal("fans: expected shape as a list, got "));
});
