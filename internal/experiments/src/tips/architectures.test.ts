import { expect, test } from "vitest";
import { startValues } from "../controls.js";
import { architecturesTip, branches, deep } from "./architectures.js";

test("plain and residual networks of a depth have the same parameters", () => {
  for (const norm of ["batch", "none"] as const)
    for (const depth of [4, 8, 32]) {
      const sizes = (["plain", "residual"] as const).map((kind) => {
        const { params } = deep({ kind, depth, norm, rate: 0.01 }).plan([28, 28, 1]);
        expect(Object.keys(params).filter((path) => path.endsWith("/kernel"))).toHaveLength(depth);
        return Object.values(params).map(({ shape }) => shape);
      });
      expect(sizes[0]).toEqual(sizes[1]);
    }
});

test("the second picture has a line for each branch, of the inception's gates", () => {
  const values = startValues(architecturesTip);
  const arms = architecturesTip.arms(values);
  const gates = {
    steps: [1, 11],
    values: Object.fromEntries(branches.map((branch, i) => [branch, [0.25, 0.1 * (i + 1)]])),
    ...{ width: 1, rest: [] },
  };
  const { series } = architecturesTip.pictures[1]!.chart({
    ...{ arms, values, size: architecturesTip.sizes.quick },
    runs: [{ arm: "inception", seed: 1, records: { gates } }],
  });
  expect(series.map(({ arm }) => arm)).toEqual([...branches]);
  expect(series.map(({ points }) => points[1]!.y)).toEqual([1, 2, 3, 4].map((i) => 0.1 * i));
});
