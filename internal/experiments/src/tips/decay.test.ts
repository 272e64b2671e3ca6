import { expect, test } from "vitest";
import { startValues } from "../controls.js";
import { decayTip, scheduleOf, steepestOf } from "./decay.js";

const size = { train: 1000, validation: 10, epochs: 4, batchSize: 30, seeds: 1 };
const steps = 4 * 34;
const options = { rate: 0.2, middle: 0.5, end: 0.1 } as const;
const rateOf = (schedule: "constant" | "exponential" | "cosine" | "oneCycle" | "own" | "rising") =>
  scheduleOf({ ...options, schedule }, size);

test("the schedules are those of the tutorial and of the papers", () => {
  for (const step of [0, 1, 33, 34, 67, 68, 100, steps - 1]) {
    expect(rateOf("constant")(step)).toBe(0.2);
    expect(rateOf("exponential")(step)).toBeCloseTo(0.2 * 0.98 ** Math.floor(step / 34), 12);
    expect(rateOf("cosine")(step)).toBeCloseTo(0.1 * (1 + Math.cos((Math.PI * step) / steps)), 12);
    expect(rateOf("rising")(step)).toBeCloseTo(1e-3 * 1e4 ** (step / steps), 10);
    const [from, to, t] = step < 68 ? [1, 0.5, step / 68] : [0.5, 0.1, (step - 68) / 68];
    expect(rateOf("own")(step)).toBeCloseTo(0.2 * (from + (to - from) * t), 12);
  }
  const cycle = rateOf("oneCycle");
  const rates = Array.from({ length: steps }, (_, step) => cycle(step));
  expect(rates[0]).toBeCloseTo(0.2 / 25, 12);
  expect(Math.max(...rates)).toBeCloseTo(0.2, 4);
  expect(rates.at(-1)).toBeCloseTo(0.2 / 25e4, 12);
});

test("the picture shows each arm's rate from the first step to the last, without runs", () => {
  const values = startValues(decayTip);
  const arms = decayTip.arms(values);
  const [picture] = decayTip.pictures;
  expect(picture!.isComputed).toBe(true);
  const { series } = picture!.chart({ arms, values, size, runs: [] });
  expect(series.map(({ arm }) => arm)).toEqual(Object.keys(arms).filter((arm) => arm !== "rising"));
  const cosine = series.find(({ arm }) => arm === "cosine")!.points;
  expect(cosine[0]).toEqual({ x: 0, y: 0.2 });
  expect(cosine.at(-1)!.x).toBe(steps - 1);
});

test("the rate to begin with is where the loss falls most steeply, before it is lowest", () => {
  const points = [2.3, 2.3, 2.2, 1.5, 0.8, 0.7, 0.6, 3, 0.5, 0.1].map((y, x) => ({ x, y }));
  // Smoothed: 2.3, 2.3, 2.25, 1.875, 1.338, 1.019, 0.809, 1.905, 1.202, 0.651: the last is lowest.
  expect(steepestOf(points)).toBe(8);
  expect(steepestOf(points.slice(0, 8))).toBe(3);
  expect(steepestOf([1, 2, 3].map((y, x) => ({ x, y })))).toBeUndefined();
  const broken = [...points.slice(0, 8), { x: 8, y: null }, { x: 9, y: 0 }];
  expect(steepestOf(broken)).toBe(3);
  expect(steepestOf([])).toBeUndefined();
});
