import { wasm } from "@tenon/wasm";
import { expect, test } from "vitest";
import { startValues } from "../experiment.js";
import { sweepLosses, type SweepLosses } from "../sweep.js";
import { mnistDigits } from "../testing.js";
import { batchesSweep, batchesTip, rateOf } from "./batches.js";
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

test("rates may be the same, or in proportion to the batch size", () => {
  expect(rateOf("b1", "same", 0.2)).toBe(0.2);
  expect(rateOf("b1", "linear", 0.2)).toBe(0.0125);
  expect(rateOf("b128", "linear", 0.2)).toBe(1.6);
  expect(rateOf("full", "linear", 0.2)).toBe(75); // 6,000 / 16 times
});

test.runIf(process.env["TENON_LONG"])(
  "the sweep gives the figures of its file",
  async () => {
    const given = { digits: mnistDigits(), engine: await wasm() };
    expect(await sweepLosses(batchesTip, batchesSweep, given)).toEqual(sweep);
  },
  3_600_000,
);
