import { expect, test } from "vitest";
import { identity } from "./index.js";

const never = (): number => expect.fail("draws nothing");

test("identity: gain on the diagonal, also when not square", () => {
  expect([...identity()([2, 2], never)]).toEqual([1, 0, 0, 1]);
  expect([...identity({ gain: -2 })([2, 3], never)]).toEqual([-2, 0, 0, 0, -2, 0]);
  expect([...identity()([3, 2], never)]).toEqual([1, 0, 0, 1, 0, 0]);
});

test("identity refuses other shapes", () => {
  expect(() => identity()([3], never)).toThrow("identity: expected a shape [in, out], got [3]");
  expect(() => identity()([3, 3, 2, 2], never)).toThrow("use dirac for a convolution");
  expect(() => identity({ gain: NaN })).toThrow("identity: expected a finite gain, got NaN");
});
