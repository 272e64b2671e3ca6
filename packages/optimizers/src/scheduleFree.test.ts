import { refusal } from "@tenon/testkit";
import { expect, test } from "vitest";
import {
  initSlots,
  onArrays,
  scheduleFree,
  scheduleFreeAdamw,
  scheduleFreeSgd,
  sgd,
} from "./index.js";
import { path } from "./internal/testing/updatesOf.js";

test("w is between z and the average of all z, which is what it is for a rate of equal steps", () => {
  // Of the gradient 1: z = −t, the average of z₁ … zₜ is −(t + 1) / 2.
  const steps = path(scheduleFree(sgd({ learningRate: 1 }), { beta: 0.75 }), () => [1], [0], 5);
  steps.forEach(([w], i) => expect(w).toBeCloseTo(0.25 * -(i + 1) + 0.75 * (-(i + 2) / 2), 12));
});

test("steps of a warm-up count by the square of their rate", () => {
  const w = { w: new Float64Array(1) };
  const optimizer = onArrays(scheduleFreeSgd({ learningRate: 1, warmup: 2, beta: 1 }), w);
  for (let step = 0; step < 3; step++) optimizer.step({ w: Float64Array.of(1) });
  const z = [-0.5, -1.5, -2.5];
  const weights = [0.25, 1, 1];
  const average = z.reduce((sum, value, i) => sum + value * weights[i]!, 0) / 2.25;
  expect(w.w[0]).toBeCloseTo(average, 12); // β = 1: gradients are taken at the average
  expect(optimizer.state().slots["scheduleFree/average"]!["w"]!.data[0]).toBeCloseTo(average, 12);
});

test("before the first step all are the parameters", () => {
  const w = { shape: [2], dtype: "float32" as const, data: Float32Array.of(3, 5) };
  const slots = initSlots(scheduleFree(sgd()), { w });
  for (const slot of ["scheduleFree/z", "scheduleFree/average"])
    expect([...slots[slot]!["w"]!.data]).toEqual([3, 5]);
});

test("refuses a beta that leaves the average out", () => {
  expect(() => scheduleFree(sgd(), { beta: 0 })).toThrow(
    refusal("scheduleFree: expected beta in (0, 1], got 0; use 0.9"),
  );
});

test("the rate may be a schedule: steps count by the square of theirs", () => {
  const rates = [1, 0.5, 2, 0.25];
  const w = { w: new Float64Array(1) };
  const schedule = (step: number): number => rates[step]!;
  const optimizer = onArrays(scheduleFreeSgd({ learningRate: schedule, warmup: 2, beta: 1 }), w);
  let [z, sum, average] = [0, 0, 0];
  for (const [step, rate] of rates.entries()) {
    optimizer.step({ w: Float64Array.of(1) });
    const now = rate * Math.min(1, (step + 1) / 2);
    z -= now;
    sum += now ** 2;
    average += (now ** 2 / sum) * (z - average);
    expect(w.w[0]).toBeCloseTo(average, 12);
  }
});

test("AdamW's may be one, too", () => {
  const rates = [0.1, 0.05, 0.2];
  const w = { w: new Float64Array(1) };
  const rule = scheduleFreeAdamw({ learningRate: (step) => rates[step]!, beta: 1, beta2: 0.5 });
  const optimizer = onArrays(rule, w);
  let [z, v, sum, average] = [0, 0, 0, 0];
  for (const [step, rate] of rates.entries()) {
    const g = 1 - 0.7 * step;
    optimizer.step({ w: Float64Array.of(g) });
    v = 0.5 * v + 0.5 * g * g;
    z -= (rate * g) / (Math.sqrt(v / (1 - 0.5 ** (step + 1))) + 1e-8);
    sum += rate ** 2;
    average += (rate ** 2 / sum) * (z - average);
    expect(w.w[0]).toBeCloseTo(average, 12);
  }
});
