import { expect, test } from "vitest";
import { zeros } from "../ops/leaf.js";
import { unary } from "./elementwise.js";
import { gradcheck, testValues, positiveTestValues } from "./gradcheck.js";

test("a right gradient passes", () => gradcheck((x) => x.exp().mul(x), [testValues([3])]));

test("a wrong gradient is found", () => {
  const wrong = unary(
    "wrong",
    (x) => x * x,
    ({ x, g }) => g.mul(x).mul(2.0001),
  );
  expect(() => gradcheck(wrong, [testValues([3])])).toThrow(
    /the gradient of input 0 at 0 to be .* by finite differences/,
  );
});

test("a gradient that is right here but constant is found by its own gradient", () => {
  const wrong = unary(
    "wrong",
    (x) => x * x,
    ({ x, g }) => g.mul(x.detach()).mul(2),
  );
  expect(() => gradcheck(wrong, [testValues([3])])).toThrow(
    "the gradient's gradient of input 0 at 0",
  );
  const none = unary(
    "none",
    (x) => x,
    ({ x }) => zeros(x.shape),
  );
  expect(() => gradcheck(none, [testValues([1])])).toThrow("the gradient of input 0");
});

test("the values it is fed are distinct, and positive where they must be", () => {
  expect(new Set(testValues([40]).data).size).toBe(40);
  expect(Math.min(...positiveTestValues([100]).data)).toBeGreaterThan(0.25);
});

test("says which argument is wrong", () => {
  expect(() => gradcheck((x) => x, [{ shape: [2], data: [1] } as never])).toThrow(
    "gradcheck: expected inputs as a list of arrays { shape, data }, got ",
  );
  expect(() => gradcheck((x) => x, [testValues([1])], { h: 0 })).toThrow(
    "gradcheck: expected a finite h > 0, got 0",
  );
  expect(() => gradcheck(() => 1 as never, [testValues([1])])).toThrow(
    "gradcheck: expected a function that gives a tensor, got 1",
  );
});
