import { expect, test } from "vitest";
import { gradcheck, positiveTestValues } from "../internal/gradcheck.js";
import { tensor } from "./leaf.js";
import { log2 } from "./log2.js";

test("powers of two have whole logarithms", () => {
  expect([...log2(tensor([0.125, 1, 2, 1024, 0, -1])).data()]).toEqual([
    -3,
    0,
    1,
    10,
    -Infinity,
    NaN,
  ]);
});
test("its gradient is that of finite differences", () =>
  gradcheck(log2, [positiveTestValues([4])]));
