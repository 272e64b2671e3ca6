import { expect, test } from "vitest";
import { gradcheck, positiveTestValues } from "../internal/gradcheck.js";
import { tensor } from "./leaf.js";
import { rsqrt } from "./rsqrt.js";

test("one over the root", () =>
  expect([...rsqrt(tensor([4, 0.25, 0, -1])).data()]).toEqual([0.5, 2, Infinity, NaN]));
test("its gradient is that of finite differences", () =>
  gradcheck(rsqrt, [positiveTestValues([4])]));
