/// <reference types="node" />
import { existsSync, readFileSync } from "node:fs";
import type { Schedule } from "@tenon/contracts";
import { everyExport, scheduleSuite } from "@tenon/testkit";
import * as schedulers from "./index.js";
import { scheduleFromJSON } from "./index.js";

const steps = 100;
const constant = schedulers.constant({ value: 0.5 });
const decay = schedulers.cosineDecay({ start: 1, steps });
const exponential = { start: 1, decayRate: 0.98, steps: 10 };
const all: Readonly<Record<string, Schedule>> = {
  constant,
  linear: schedulers.linear({ start: 1, end: 0.1, steps }),
  polynomial: schedulers.polynomial({ start: 1, end: 0.1, steps, power: 2 }),
  exponentialDecay: schedulers.exponentialDecay(exponential),
  "exponentialDecay, each epoch": schedulers.exponentialDecay({ ...exponential, staircase: true }),
  stepDecay: schedulers.stepDecay({ start: 1, factor: 0.5, steps: 30 }),
  inverseTimeDecay: schedulers.inverseTimeDecay({ start: 1, decayRate: 0.5, steps: 10 }),
  piecewiseConstant: schedulers.piecewiseConstant({ boundaries: [30, 60], values: [1, 0.5, 0.1] }),
  piecewiseInterpolate: schedulers.piecewiseInterpolate({
    boundaries: [10, 60],
    values: [1, 0.1],
    interpolation: "cosine",
  }),
  cosineDecay: decay,
  cosineRestarts: schedulers.cosineRestarts({ start: 1, steps: 20, stretch: 2 }),
  warmupCosine: schedulers.warmupCosine({ peak: 1, warmup: 10, steps }),
  oneCycle: schedulers.oneCycle({ peak: 1, steps }),
  cyclic: schedulers.cyclic({ low: 0.1, high: 1, steps: 15 }),
  warmup: schedulers.warmup({ steps: 10, schedule: decay }),
  join: schedulers.join({ schedules: [constant, decay], boundaries: [20] }),
  inverseSqrt: schedulers.inverseSqrt({ peak: 1, warmup: 10 }),
  byEpoch: schedulers.byEpoch({ schedule: decay, stepsPerEpoch: 7 }),
  clamped: schedulers.clamped({ schedule: decay, low: 0.1, high: 0.8 }),
  scaled: schedulers.scaled({ schedule: decay, factor: 3 }),
  reduceOnPlateau: schedulers.reduceOnPlateau({ start: decay }),
  product: schedulers.product({ schedules: [constant, decay] }),
};

for (const [title, schedule] of Object.entries(all))
  scheduleSuite(title, schedule, { fromJSON: scheduleFromJSON, steps });

/** Whether a schedule's own test calls the suite. */
function hasOwnSuite(name: string): boolean {
  const file = new URL(`${name}.test.ts`, import.meta.url);
  return existsSync(file) && readFileSync(file, "utf8").includes(`scheduleSuite("${name}"`);
}

everyExport(schedulers, [...Object.keys(all), ...Object.keys(schedulers).filter(hasOwnSuite)], {
  besides: ["scheduleFromJSON", "sketch"],
  add: "add a schedule that it makes to `all` in packages/schedulers/src/contracts.test.ts",
});
