import { expect, test } from "vitest";
import type { ShownRun } from "../experiment.js";
import { startValues } from "../controls.js";
import { clippingTip } from "./clipping.js";

test("the share of clipped steps is of the gradients beyond the arm's own threshold", () => {
  const norms = { steps: [1, 2, 3, 4], values: { norm: [5, 20, null, 0.5] }, width: 1, rest: [] };
  const values = startValues(clippingTip);
  const arms = clippingTip.arms(values);
  const runs = Object.keys(arms).map((arm): ShownRun => ({ arm, seed: 1, records: { norms } }));
  const picture = clippingTip.pictures.find(({ id }) => id === "clipped")!;
  const { series } = picture.chart({ arms, values, size: clippingTip.sizes.quick, runs });
  const shares = series.map(({ arm, points }) => [arm, points[0]!.y]);
  expect(shares).toEqual([
    ["one", 0.75],
    ["ten", 0.5],
    ["tenUsual", 0.5],
  ]);
});

test("a threshold of one's own is an arm of its own", () => {
  const values = { ...startValues(clippingTip), threshold: 3 };
  expect(clippingTip.arms(values)["own"]).toMatchObject({ form: "tutorial", threshold: 3 });
  expect(clippingTip.arms(startValues(clippingTip))).not.toHaveProperty("own");
});
