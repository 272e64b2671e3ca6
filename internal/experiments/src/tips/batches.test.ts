import { wasm } from "@tenon/wasm";
import { expect, test } from "vitest";
import { startValues } from "../controls.js";
import { sweepLosses, type SweepLosses } from "../sweep.js";
import { mnistDigits } from "../testing.js";
import { lossPaths } from "../lossPaths.js";
import { batchesPaths, batchesSweep, batchesTip, stepOf } from "./batches.js";
import paths from "./batchesPaths.json" with { type: "json" };
import sweep from "./batchesSweep.json" with { type: "json" };

test("each batch size has the best rate of the sweep, which is not at its end", () => {
  const arms = batchesTip.arms(startValues(batchesTip));
  expect(Object.keys(sweep)).toEqual(batchesSweep.kinds);
  for (const [kind, losses] of Object.entries(sweep as SweepLosses)) {
    const { rate } = arms[kind] as { rate: number };
    const i = batchesSweep.rates.indexOf(rate);
    expect(losses[i]).toBe(Math.min(...losses.map((loss) => loss ?? Infinity)));
    expect(i).toBeGreaterThan(0);
    expect(i).toBeLessThan(batchesSweep.rates.length - 1);
  }
});

test("rates may be the same, or in proportion to the batch size that is trained", () => {
  const rates = (rule: string, train: number) =>
    Object.values(batchesTip.arms({ rule, rate: 0.2 })).map(
      (options) => stepOf(options as never, { train }).learningRate,
    );
  expect(rates("same", 6000)).toEqual([0.2, 0.2, 0.2, 0.2, 0.2]);
  expect(rates("linear", 6000)).toEqual([75, 12.8, 1.6, 0.2, 0.0125]); // 75 = 0.2 · 6,000 / 16
  expect(rates("linear", 2000)[0]).toBe(25);
});

test.runIf(process.env["TENON_LONG"])(
  "the sweep gives the figures of its file",
  async () => {
    const given = { digits: mnistDigits(), engine: await wasm() };
    expect(await sweepLosses(batchesTip, batchesSweep, given)).toEqual(sweep);
  },
  3_600_000,
);

test.runIf(process.env["TENON_LONG"])(
  "the ways of the weights are those of their file",
  async () => {
    const size = batchesTip.sizes.full;
    const given = { digits: mnistDigits(), engine: await wasm(), size, seed: 1 };
    const arms = batchesTip.arms(startValues(batchesTip));
    expect(await lossPaths(batchesTip, arms, given, batchesPaths)).toEqual(paths);
  },
  3_600_000,
);

test("the ways begin where all arms begin, and all lie in the picture", () => {
  const picture = batchesTip.pictures.find(({ id }) => id === "paths")!;
  const values = startValues(batchesTip);
  const arms = batchesTip.arms(values);
  const chart = picture.chart({ arms, values, size: batchesTip.sizes.full, runs: [] });
  expect(chart.series.map(({ arm }) => arm)).toEqual(Object.keys(arms));
  for (const { points } of chart.series) {
    expect(points[0]).toEqual({ x: 0, y: 0 });
    expect(points.length).toBeGreaterThan(4);
  }
  expect(chart.levels!.length).toBeGreaterThan(5);
  expect(paths.inPlane).toBeGreaterThan(0.8);
});
