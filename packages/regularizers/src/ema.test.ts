import { shown } from "@tenon/guards";
import { expect, test } from "vitest";
import { averageOf, ema, type EmaOptions } from "./index.js";
import { plainRun } from "./internal/plainRun.js";

/**
 * The average after each step of a parameter that goes from 8 to 1, 2, 3 …, and where the parameter
 * is.
 */
function run(options: EmaOptions, steps: number): { averages: number[]; ends: number } {
  const averaged = plainRun(ema(options), { w: { shape: [1], data: [8] } });
  const averages = Array.from({ length: steps }, (_, step) => {
    averaged.step({ w: { shape: [1], data: [step + 1 - averaged.params["w"]!.data[0]!] } });
    return averageOf(averaged.slots)["w"]!.data[0]!;
  });
  return { averages, ends: averaged.params["w"]!.data[0]! };
}

test("begins with the first, the one before it, or zero", () => {
  expect(run({ decay: 0.5 }, 3).averages).toEqual([1, 1.5, 2.25]);
  expect(run({ decay: 0.5, start: "before" }, 3).averages).toEqual([4.5, 3.25, 3.125]);
  expect(run({ decay: 0.5, start: "zero" }, 3).averages).toEqual([0.5, 1.25, 2.125]);
});
test("debiased it is a weighted mean of what there was", () => {
  run({ decay: 0.5, debias: true }, 3).averages.forEach((average, t) => {
    const weights = Array.from({ length: t + 1 }, (_, i) => 0.5 ** (t - i));
    expect(average).toBeCloseTo(
      weights.reduce((sum, weight, i) => sum + weight * (i + 1), 0) /
        weights.reduce((sum, weight) => sum + weight),
      14,
    );
  });
});
test("the decay may be a function of the step", () => {
  const decay = (step: number): number => step / (step + 1);
  // Of 1, 2, 3 … it is then the plain mean, whatever it begins with.
  expect(run({ decay, start: "zero" }, 4).averages).toEqual([1, 1.5, 2, 2.5]);
  expect(run({ decay: () => 0.5 }, 3)).toEqual(run({ decay: 0.5 }, 3));
  expect(() => ema({ decay, debias: true })).toThrow(
    "ema: expected decay as a number with debias, got decay, a function; leave out debias",
  );
});
test.each([1, -0.1, NaN, "0.5"])("a decay of %o at a step is refused there", (late) => {
  const decay = (step: number): number => (step < 2 ? 0.5 : (late as number));
  expect(run({ decay }, 2).averages).toEqual([1, 1.5]);
  expect(() => run({ decay }, 3)).toThrow(
    `ema: expected decay in [0, 1) at step 2, got ${shown(late)}`,
  );
});
test("leaves the parameters alone, or writes the average back now and then", () => {
  expect(run({ decay: 0.5 }, 4).ends).toBe(4);
  expect(run({ decay: 0.5, overwriteEvery: 2 }, 2)).toEqual({ averages: [1, 1.5], ends: 1.5 });
});
test("refuses a decay of 1, and an unknown start", () => {
  expect(() => ema({ decay: 1 })).toThrow("ema: expected decay in [0, 1), got 1; use 0.999");
  expect(() => ema({ start: "second" as never })).toThrow(
    'ema: expected start to be "first" or "before" or "zero", got "second"',
  );
  expect(() => ema({ overwriteEvery: 0 })).toThrow(
    "ema: expected a whole overwriteEvery ≥ 1, got 0",
  );
});
