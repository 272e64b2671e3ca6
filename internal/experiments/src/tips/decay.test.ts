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

test("one's own schedule goes through five points; where they are on two lines, three say it", () => {
  const start = startValues(decayTip);
  expect(decayTip.arms(start)["own"]).toEqual({ schedule: "own", rate: 0.2, middle: 1, end: 0 });
  const values = { ...start, first: 0.1, quarter: 1.5, middle: 0.5, threeQuarters: 1, end: 0.2 };
  const arms = decayTip.arms(values);
  const points = [0.1, 1.5, 0.5, 1, 0.2];
  expect(arms["own"]).toEqual({ schedule: "own", rate: 0.2, middle: 0.5, end: 0.2, points });
  const rate = scheduleOf(arms["own"] as never, size);
  for (const [i, point] of points.entries())
    expect(rate((i * steps) / 4)).toBeCloseTo(0.2 * point, 12);
  expect(rate(steps / 8)).toBeCloseTo(0.2 * 0.8, 12);
  // The other arms are those of before, so that nothing of them is trained again.
  const { own: _, ...others } = arms;
  expect(decayTip.arms(start)).toMatchObject(others);
});
