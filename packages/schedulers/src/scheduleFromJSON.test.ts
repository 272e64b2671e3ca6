/// <reference types="node" />
import { readFileSync } from "node:fs";
import type { Schedule } from "@tenon/contracts";
import fc from "fast-check";
import { expect, test } from "vitest";
import * as modules from "./index.js";

const {
  byEpoch,
  clamped,
  constant,
  cosineDecay,
  cosineRestarts,
  cyclic,
  exponentialDecay,
  inverseSqrt,
  inverseTimeDecay,
  join,
  linear,
  oneCycle,
  piecewiseConstant,
  piecewiseInterpolate,
  polynomial,
  product,
  reduceOnPlateau,
  scaled,
  scheduleFromJSON,
  stepDecay,
  warmup,
  warmupCosine,
} = modules;

const steps = fc.integer({ min: 1, max: 50 });
const value = fc.double({ min: -2, max: 2, noNaN: true });
const rate = fc.double({ min: 0.01, max: 2, noNaN: true });
const interpolation = fc.constantFrom("linear", "cosine");

/** All schedules, with any options; the last ones hold others. */
const any: Record<string, fc.Arbitrary<Schedule>> = {
  constant: fc.record({ value }).map(constant),
  linear: fc
    .record(
      { start: value, end: value, steps, delay: fc.nat(9) },
      { requiredKeys: ["start", "steps"] },
    )
    .map(linear),
  polynomial: fc
    .record(
      { start: value, end: value, steps, power: rate, delay: fc.nat(9), cycle: fc.boolean() },
      { requiredKeys: ["start", "steps"] },
    )
    .map(polynomial),
  exponentialDecay: fc
    .record(
      {
        start: value,
        decayRate: rate,
        steps,
        staircase: fc.boolean(),
        delay: fc.nat(9),
        end: value,
      },
      { requiredKeys: ["start", "decayRate"] },
    )
    .map(exponentialDecay),
  stepDecay: fc
    .record({ start: value, factor: rate, steps }, { requiredKeys: ["start", "steps"] })
    .map(stepDecay),
  inverseTimeDecay: fc
    .record(
      { start: value, decayRate: rate, steps, staircase: fc.boolean() },
      { requiredKeys: ["start", "decayRate"] },
    )
    .map(inverseTimeDecay),
  piecewiseConstant: fc.constant(piecewiseConstant({ boundaries: [3, 8], values: [1, 0.5, 2] })),
  piecewiseInterpolate: fc
    .record({ boundaries: fc.constant([3, 8]), values: fc.tuple(value, value), interpolation })
    .map(piecewiseInterpolate),
  cosineDecay: fc
    .record(
      { start: value, end: value, steps, exponent: rate, periodic: fc.boolean() },
      { requiredKeys: ["start", "steps"] },
    )
    .map(cosineDecay),
  cosineRestarts: fc
    .record(
      { start: value, end: value, steps, stretch: fc.constantFrom(1, 1.5, 2), shrink: rate },
      { requiredKeys: ["start", "steps"] },
    )
    .map(cosineRestarts),
  cyclic: fc
    .record(
      {
        low: value,
        high: value,
        steps,
        stepsDown: steps,
        mode: fc.constantFrom("triangular", "triangular2", "expRange"),
        decayRate: fc.constantFrom(1, 0.9),
      },
      { requiredKeys: ["low", "high", "steps"] },
    )
    .map(cyclic),
  oneCycle: fc
    .record(
      {
        peak: value,
        steps,
        start: value,
        end: value,
        rise: fc.constantFrom(0.1, 0.3, 0.45),
        interpolation,
        threePhases: fc.boolean(),
      },
      { requiredKeys: ["peak", "steps"] },
    )
    .map(oneCycle),
  warmupCosine: fc
    .record(
      {
        peak: value,
        warmup: fc.nat(9),
        steps: steps.map((n) => n + 9),
        start: value,
        end: value,
        exponent: rate,
      },
      { requiredKeys: ["peak", "warmup", "steps"] },
    )
    .map(warmupCosine),
};
const leaf = fc.oneof(...Object.values(any));
any.warmup = fc
  .record({ steps, start: value, schedule: leaf }, { requiredKeys: ["steps", "schedule"] })
  .map(warmup);
any.join = fc
  .record({ schedules: fc.tuple(leaf, leaf, any.warmup), boundaries: fc.constant([5, 11]) })
  .map(join);
any.byEpoch = fc
  .record({ schedule: leaf, stepsPerEpoch: fc.integer({ min: 1, max: 9 }) })
  .map(byEpoch);
any.scaled = fc.record({ schedule: any.byEpoch, factor: value }).map(scaled);
any.clamped = fc
  .record(
    { schedule: any.byEpoch, low: fc.constant(-1), high: rate },
    { requiredKeys: ["schedule"] },
  )
  .map(clamped);
any.inverseSqrt = fc
  .record({ peak: value, warmup: steps }, { requiredKeys: ["peak"] })
  .map(inverseSqrt);
any.reduceOnPlateau = fc
  .record(
    { start: leaf, factor: fc.constantFrom(0.1, 0.5), patience: fc.nat(9), min: rate },
    { requiredKeys: ["start"] },
  )
  .map(reduceOnPlateau);
any.product = fc.record({ schedules: fc.tuple(leaf, any.join) }).map(product);

test("every schedule is tested here, or by scheduleSuite in its own test", () => {
  for (const name of Object.keys(modules)) {
    if (["scheduleFromJSON", "sketch"].includes(name) || Object.hasOwn(any, name)) continue;
    expect(readFileSync(new URL(`${name}.test.ts`, import.meta.url), "utf8")).toMatch(
      new RegExp(`scheduleSuite\\("${name}", [^]*?fromJSON: scheduleFromJSON`),
    );
  }
  for (const name of Object.keys(any)) expect(modules).toHaveProperty(name);
});

test.each(Object.entries(any))(
  "%s: finite at any step, pure, and the same again from JSON",
  (name, schedules) => {
    fc.assert(
      fc.property(
        schedules,
        fc.shuffledSubarray([0, 1, 2, 3, 5, 8, 10, 13, 21, 50, 99, 100, 1000]),
        (schedule, steps) => {
          const again = scheduleFromJSON(JSON.parse(JSON.stringify(schedule)));
          expect(schedule.toJSON?.().type).toBe(name);
          expect(JSON.stringify(again)).toBe(JSON.stringify(schedule));
          const expected = new Map(steps.map((step) => [step, schedule(step)]));
          for (const step of [...steps].reverse()) {
            // a growing one overflows in the end
            if (step <= 100) expect(expected.get(step)).toSatisfy(Number.isFinite);
            expect(schedule(step)).toBe(expected.get(step));
            expect(again(step) + 0).toBe(expected.get(step)! + 0); // JSON has no −0
          }
        },
      ),
      { numRuns: 60 },
    );
  },
);

test("omitted options have their defaults", () => {
  expect(scheduleFromJSON({ type: "stepDecay", start: 1, steps: 2 }).toJSON?.()).toEqual({
    type: "stepDecay",
    start: 1,
    factor: 0.1,
    steps: 2,
  });
});

test("unknown types and options are refused with the known ones, also inside", () => {
  expect(() => scheduleFromJSON({ type: "cosine" })).toThrow(
    /^scheduleFromJSON: expected a type of byEpoch, clamped, constant, cosineDecay, .*warmupCosine, got "cosine"; did you mean "cosineDecay"\?$/,
  );
  for (const type of ["scheduleFromJSON", "sketch", "toString", "__proto__"])
    expect(() => scheduleFromJSON({ type })).toThrow("expected a type of");
  expect(() => scheduleFromJSON(null as unknown as { type: string })).toThrow("got undefined");
  expect(() => scheduleFromJSON({ type: "linear", start: 1, steps: 2, alpha: 0 })).toThrow(
    'linear: expected options { start, end, steps, delay }, got "alpha"',
  );
  expect(() => scheduleFromJSON({ type: "linear", start: 1 })).toThrow(
    "linear: expected a finite steps ≥ 0, got undefined",
  );
  expect(() =>
    scheduleFromJSON({
      type: "warmup",
      steps: 1,
      schedule: { type: "linear", start: 1, steps: -1 },
    }),
  ).toThrow("linear: expected a finite steps ≥ 0, got -1");
});

test("known bits: the same on every machine", () => {
  expect([
    warmupCosine({ peak: 1e-3, warmup: 100, steps: 4690 })(1234),
    exponentialDecay({ start: 0.1, decayRate: 0.98 })(49),
  ]).toEqual([0.0008568050772058762, 0.03716017143746089]);
});
