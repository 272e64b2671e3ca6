import { expectClose } from "@tenon/testkit";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  constant,
  cosineDecay,
  cosineRestarts,
  cyclic,
  exponentialDecay,
  inverseTimeDecay,
  join,
  linear,
  oneCycle,
  piecewiseConstant,
  piecewiseInterpolate,
  polynomial,
  stepDecay,
  warmup,
  warmupCosine,
} from "./index.js";
import { values } from "./internal/values.testing.js";

// Runs of zero to three steps, without a rise and with nothing else, compared with the formulas of
// other libraries.

/** PyTorch's OneCycleLR, line by line: torch/optim/lr_scheduler.py, `get_lr`. */
function torchOneCycle(
  peak: number,
  total: number,
  rise: number,
  kind: "cos" | "linear",
  threePhases: boolean,
  step: number,
): number {
  const start = peak / 25;
  const end = start / 1e4;
  const phases = threePhases
    ? [
        [rise * total - 1, start, peak],
        [2 * rise * total - 2, peak, start],
        [total - 1, start, end],
      ]
    : [
        [rise * total - 1, start, peak],
        [total - 1, peak, end],
      ];
  const anneal = (a: number, b: number, t: number): number =>
    kind === "cos" ? b + ((a - b) / 2) * (Math.cos(Math.PI * t) + 1) : (b - a) * t + a;
  let from = 0;
  for (const [i, [to, a, b]] of phases.entries()) {
    if (step <= to! || i === phases.length - 1) return anneal(a!, b!, (step - from) / (to! - from));
    from = to!;
  }
  throw new Error("no phase");
}

describe("oneCycle is PyTorch's, also where the rise is shorter than a step", () => {
  test("of two steps, from the report", () => {
    expect(oneCycle({ peak: 1, steps: 2 })(0)).toBeCloseTo(0.8117, 4);
  });
  test.each([1, 2, 3, 4, 7, 20])("%i steps", (steps) => {
    for (const rise of [0, 0.1, 0.3, 0.45, 0.9, 1])
      for (const threePhases of [false, true])
        for (const kind of ["cos", "linear"] as const) {
          if (threePhases && rise > 0.5) continue;
          // PyTorch divides 0 by 0 where a phase ends at its first step.
          const expected = Array.from({ length: steps }, (_, step) =>
            torchOneCycle(2, steps, rise, kind, threePhases, step),
          );
          const ours = values(
            oneCycle({
              peak: 2,
              steps,
              rise,
              threePhases,
              interpolation: kind === "cos" ? "cosine" : "linear",
            }),
            steps,
          );
          expectClose(
            ours.filter((_, i) => !Number.isNaN(expected[i])),
            expected.filter((x) => !Number.isNaN(x)),
            1e-14,
            `rise ${rise}, ${kind}, three phases: ${threePhases}`,
          );
          for (const value of ours) expect(value).toBeGreaterThan(0);
        }
  });
  test("no steps: the end", () =>
    expect(values(oneCycle({ peak: 1, end: 0.5, steps: 0 }), 2)).toEqual([0.5, 0.5]));
});

test.each([1, 2, 3])(
  "cosineDecay, linear and polynomial of %i steps are at the start, on the line, and at the end",
  (steps) => {
    const progress = Array.from({ length: 5 }, (_, step) => Math.min(1, step / steps));
    // Keras and optax: alpha + (1 − alpha)·½(1 + cos πt); (start − end)·(1 − t)^power + end.
    expectClose(
      values(cosineDecay({ start: 2, end: 0.5, steps }), 5),
      progress.map((t) => 0.5 + (1.5 * (1 + Math.cos(Math.PI * t))) / 2),
      1e-15,
    );
    expectClose(
      values(linear({ start: 2, end: 0.5, steps }), 5),
      progress.map((t) => 2 - 1.5 * t),
      1e-15,
    );
    expectClose(
      values(polynomial({ start: 2, end: 0.5, steps, power: 3 }), 5),
      progress.map((t) => 0.5 + 1.5 * (1 - t) ** 3),
      1e-15,
    );
    // PyTorch's CosineAnnealingLR, which swings back.
    expectClose(
      values(cosineDecay({ start: 2, end: 0.5, steps, periodic: true }), 9),
      Array.from({ length: 9 }, (_, i) => 0.5 + (1.5 * (1 + Math.cos((Math.PI * i) / steps))) / 2),
      1e-15,
    );
  },
);

test("a schedule of no steps has its last value from the first step on, after its delay", () => {
  expect(values(cosineDecay({ start: 2, end: 0.5, steps: 0 }), 3)).toEqual([0.5, 0.5, 0.5]);
  expect(values(cosineDecay({ start: 2, end: 0.5, steps: 0, periodic: true }), 2)).toEqual([
    0.5, 0.5,
  ]);
  expect(values(linear({ start: 2, end: 0.5, steps: 0, delay: 2 }), 4)).toEqual([2, 2, 0.5, 0.5]);
  expect(values(polynomial({ start: 2, end: 0.5, steps: 0, delay: 1, cycle: true }), 3)).toEqual([
    2, 0.5, 0.5,
  ]);
});

test.each([0, 1, 2, 3])("warmupCosine of %i steps: no warm-up, a part, only a warm-up", (steps) => {
  for (let up = 0; up <= steps; up++) {
    // optax: linear_schedule(start, peak, up), then cosine_decay_schedule(peak, steps − up) from
    // there.
    const expected = Array.from({ length: steps + 2 }, (_, step) =>
      step < up
        ? 0.1 + (0.9 * step) / up
        : steps === up
          ? 0.25
          : 0.25 + (0.75 * (1 + Math.cos(Math.PI * Math.min(1, (step - up) / (steps - up))))) / 2,
    );
    expectClose(
      values(warmupCosine({ peak: 1, start: 0.1, end: 0.25, warmup: up, steps }), steps + 2),
      expected,
      1e-15,
      `warmup ${up}`,
    );
  }
});

test("warmup of 0 to 3 steps: PyTorch's LinearLR before any schedule", () => {
  for (const steps of [0, 1, 2, 3])
    expectClose(
      values(warmup({ steps, start: 0.5, schedule: constant({ value: 2 }) }), 5),
      Array.from({ length: 5 }, (_, i) => (i < steps ? 0.5 + (1.5 * i) / steps : 2)),
      1e-15,
    );
});

test("cyclic: PyTorch's CyclicLR, also of one step, and straight up or straight down", () => {
  const torch = (up: number, down: number, step: number): number => {
    const total = up + down;
    const ratio = up / total;
    const cycle = Math.floor(1 + step / total);
    const x = 1 + step / total - cycle;
    return 0.5 + 1.5 * (x <= ratio && ratio > 0 ? x / ratio : (x - 1) / (ratio - 1));
  };
  for (const [up, down] of [
    [1, 1],
    [1, 2],
    [2, 1],
    [3, 3],
    [3, 0],
    [1, 0],
    [0, 3],
  ] as const)
    expectClose(
      values(cyclic({ low: 0.5, high: 2, steps: up, stepsDown: down }), 13),
      Array.from({ length: 13 }, (_, i) => torch(up, down, i)),
      1e-14,
      `${up} up, ${down} down`,
    );
});

test("cosineRestarts of one, two and three steps, as PyTorch's", () => {
  for (const steps of [1, 2, 3])
    expectClose(
      values(cosineRestarts({ start: 2, end: 0.5, steps }), 9),
      Array.from(
        { length: 9 },
        (_, i) => 0.5 + (1.5 * (1 + Math.cos((Math.PI * (i % steps)) / steps))) / 2,
      ),
      1e-15,
    );
  // T = 1, 2, 4: restarts at 1, 3 and 7.
  expectClose(
    values(cosineRestarts({ start: 2, end: 0.5, steps: 1, stretch: 2 }), 8),
    [
      [0, 1],
      [0, 2],
      [1, 2],
      [0, 4],
      [1, 4],
      [2, 4],
      [3, 4],
      [0, 8],
    ].map(([t, n]) => 0.5 + (1.5 * (1 + Math.cos((Math.PI * t!) / n!))) / 2),
    1e-15,
  );
});

test("boundaries at step 0 and next to each other", () => {
  expect(values(piecewiseConstant({ boundaries: [0, 1], values: [9, 1, 2] }), 3)).toEqual([
    1, 2, 2,
  ]);
  expect(values(piecewiseConstant({ boundaries: [1, 1], values: [9, 1, 2] }), 3)).toEqual([
    9, 2, 2,
  ]);
  expect(values(piecewiseConstant({ boundaries: [], values: [9] }), 2)).toEqual([9, 9]);
  expect(values(piecewiseInterpolate({ boundaries: [1], values: [9] }), 3)).toEqual([9, 9, 9]);
  expect(values(piecewiseInterpolate({ boundaries: [0, 0, 2], values: [9, 1, 2] }), 4)).toEqual([
    1, 1.5, 2, 2,
  ]);
  expect(
    values(
      join({
        schedules: [constant({ value: 9 }), linear({ start: 1, steps: 1 })],
        boundaries: [0],
      }),
      3,
    ),
  ).toEqual([1, 0, 0]);
});

test("every schedule of a short run is finite, and between its ends", () => {
  const steps = fc.integer({ min: 0, max: 3 });
  const high = 2;
  const low = 0.5;
  fc.assert(
    fc.property(steps, steps, fc.integer({ min: 0, max: 10 }), (n, up, step) => {
      const atLeastOne = Math.max(1, n);
      for (const schedule of [
        cosineDecay({ start: high, end: low, steps: n }),
        linear({ start: high, end: low, steps: n, delay: up }),
        polynomial({ start: high, end: low, steps: n, cycle: true }),
        oneCycle({ peak: high, start: low, end: low, steps: n }),
        warmupCosine({ peak: high, start: low, end: low, warmup: Math.min(up, n), steps: n }),
        warmup({ steps: n, start: low, schedule: constant({ value: high }) }),
        cyclic({ low, high, steps: atLeastOne, stepsDown: up }),
        cosineRestarts({ start: high, end: low, steps: atLeastOne }),
        exponentialDecay({ start: high, decayRate: 0.5, steps: atLeastOne, end: low }),
        piecewiseInterpolate({ boundaries: [up, up + n], values: [low, high] }),
      ]) {
        const value = schedule(step);
        expect(value, JSON.stringify(schedule)).toBeGreaterThanOrEqual(low);
        expect(value, JSON.stringify(schedule)).toBeLessThanOrEqual(high);
      }
      for (const schedule of [
        stepDecay({ start: high, steps: atLeastOne }),
        inverseTimeDecay({ start: high, decayRate: 1, steps: atLeastOne }),
      ]) {
        expect(schedule(step)).toBeGreaterThan(0);
        expect(schedule(step)).toBeLessThanOrEqual(high);
      }
    }),
  );
});
