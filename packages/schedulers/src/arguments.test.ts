import { refusal, wrongOptions } from "@tenon/testkit";
import { expect, test } from "vitest";
import * as exported from "./index.js";

type Call = (...args: readonly unknown[]) => unknown;
const { scheduleFromJSON: _json, sketch, ...makers } = exported;
const all = makers as unknown as Readonly<Record<string, Call>>;
const one = exported.constant({ value: 1 });

/** The options without which a schedule cannot be made. One that is not here tests its own. */
const needed: Readonly<Partial<Record<keyof typeof makers, object>>> = {
  byEpoch: { schedule: one, stepsPerEpoch: 2 },
  clamped: { schedule: one },
  constant: { value: 1 },
  cosineDecay: { start: 1, steps: 10 },
  cosineRestarts: { start: 1, steps: 10 },
  cyclic: { low: 0, high: 1, steps: 3 },
  exponentialDecay: { start: 1, decayRate: 0.5 },
  inverseSqrt: { peak: 1 },
  inverseTimeDecay: { start: 1, decayRate: 0.5 },
  join: { schedules: [one, one], boundaries: [2] },
  linear: { start: 1, end: 0, steps: 2 },
  oneCycle: { peak: 1, steps: 10 },
  piecewiseConstant: { values: [1, 2], boundaries: [2] },
  piecewiseInterpolate: { values: [1, 2], boundaries: [0, 2] },
  polynomial: { start: 1, steps: 10 },
  product: { schedules: [one] },
  reduceOnPlateau: { start: 1 },
  scaled: { schedule: one, factor: 2 },
  stepDecay: { start: 1, steps: 2 },
  warmup: { steps: 2, schedule: one },
  warmupCosine: { peak: 1, warmup: 2, steps: 10 },
};

test.each(Object.entries(needed))("%s refuses wrong options, by name", async (name, right) => {
  expect(() => all[name]!(right)).not.toThrow();
  await wrongOptions(name, all[name]!, right);
});

test.each(Object.keys(all))("%s refuses what is no object of options", (name) => {
  for (const wrong of [undefined, null, "2", 2, true, [], one])
    expect(() => all[name]!(wrong), String(wrong)).toThrow(refusal(`${name}: expected options { `));
});

test.each(Object.entries(needed))("%s refuses what is no step, by name", (name, right) => {
  const made = all[name]!(right) as (step?: unknown) => number;
  for (const wrong of [undefined, null, "2", true, [], {}, 2n, NaN, Infinity, -Infinity])
    expect(() => made(wrong), String(wrong)).toThrow(
      refusal(`${name}: expected a finite step, got `),
    );
});

test("sketch refuses what is no schedule", () => {
  for (const wrong of [undefined, null, "2", 2, true, [], {}])
    expect(() => sketch(wrong as never, 10), String(wrong)).toThrow(refusal("sketch: expected "));
});
