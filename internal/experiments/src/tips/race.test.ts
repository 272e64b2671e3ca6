import { wasm } from "@tenon/wasm";
import { expect, test } from "vitest";
import { mnistDigits } from "../testing.js";
import { sweepLosses } from "../sweep.js";
import { optimizers, raceSweep, raceTip, tunedRate } from "./race.js";
import sweep from "./raceSweep.json" with { type: "json" };

test("each optimizer races at the best rate of the sweep, which is not at its end", () => {
  for (const [name, losses] of Object.entries(sweep)) {
    expect(losses).toHaveLength(raceSweep.rates.length);
    const i = raceSweep.rates.indexOf(tunedRate(name as keyof typeof optimizers));
    expect(losses[i]).toBe(Math.min(...losses));
    expect(i).toBeGreaterThan(0);
    expect(i).toBeLessThan(raceSweep.rates.length - 1);
  }
  expect(Object.keys(sweep)).toEqual(Object.keys(optimizers));
  const arms = raceTip.arms({ times: 10 });
  expect(arms["adam"]).toEqual({ optimizer: "adam", rate: 10 * tunedRate("adam") });
});

test.runIf(process.env["TENON_LONG"])(
  "the sweep gives the figures of raceSweep.json",
  async () => {
    const given = { digits: mnistDigits(), engine: await wasm() };
    expect(await sweepLosses(raceTip, raceSweep, given)).toEqual(sweep);
  },
  3_600_000,
);
