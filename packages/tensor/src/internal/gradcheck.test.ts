import { expect, test } from "vitest";
import { zeros } from "../ops/leaf.js";
import { unary } from "./elementwise.js";
import { gradcheck, numbers, positives } from "./gradcheck.js";

test("a right slope passes", () => gradcheck((x) => x.exp().mul(x), [numbers([3])]));

test("a wrong slope is found", () => {
  const wrong = unary(
    "wrong",
    (x) => x * x,
    ({ x, g }) => g.mul(x).mul(2.0001),
  );
  expect(() => gradcheck(wrong, [numbers([3])])).toThrow(
    /the slope of input 0 at 0 to be .* by finite differences/,
  );
});

test("a slope that is right here but constant is found by its own slope", () => {
  const wrong = unary(
    "wrong",
    (x) => x * x,
    ({ x, g }) => g.mul(x.detach()).mul(2),
  );
  expect(() => gradcheck(wrong, [numbers([3])])).toThrow("the slope's slope of input 0 at 0");
  const none = unary(
    "none",
    (x) => x,
    ({ x }) => zeros(x.shape),
  );
  expect(() => gradcheck(none, [numbers([1])])).toThrow("the slope of input 0");
});

test("the numbers it is fed are distinct, and positive where they must be", () => {
  expect(new Set(numbers([40]).data).size).toBe(40);
  expect(Math.min(...positives([100]).data)).toBeGreaterThan(0.25);
});
