import { expect, test } from "vitest";
import { expectedSeconds } from "./expected.js";
import { tinyPlan } from "./testing/tiny.js";

test("a plan takes as long as its results did, in proportion to what is trained", () => {
  const plans = [tinyPlan("dropout", 2), tinyPlan("momentum", 2)];
  const [dropout, momentum] = plans as [(typeof plans)[0], (typeof plans)[0]];
  // 4 arms, 3 seeds, twice the digits and three times the epochs of the plan.
  const size = { ...dropout.size, train: 640, epochs: 6 };
  const results = {
    ...{ id: "dropout", size, runs: Array.from({ length: 12 }) as never[] },
    provenance: { seconds: 90 } as never,
  };
  expect(Object.keys(dropout.of.arms(dropout.values))).toHaveLength(4);
  expect(Object.keys(momentum.of.arms(momentum.values))).toHaveLength(5);
  // 90 s / 12 runs / 6 = 1.25 s a run; the other experiment's runs are as long.
  const [first, second] = expectedSeconds(plans, [results]) as [number, number];
  expect(first).toBeCloseTo(8 * 1.25, 9);
  expect(second).toBeCloseTo(10 * 1.25, 9);
});
