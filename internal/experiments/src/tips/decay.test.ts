import { expect, test } from "vitest";
import { startValues } from "../experiment.js";
import { decayTip, scheduleOf } from "./decay.js";

const size = { train: 1000, validation: 10, epochs: 4, batchSize: 30, seeds: 1 };
const steps = 4 * 34;
const options = { rate: 0.2, middle: 0.5, end: 0.1 } as const;
const rateOf = (schedule: "constant" | "exponential" | "cosine" | "oneCycle" | "own") =>
  scheduleOf({ ...options, schedule }, size);

test("the schedules are those of the tutorial and of the papers", () => {
  for (const step of [0, 1, 33, 34, 67, 68, 100, steps - 1]) {
    expect(rateOf("constant")(step)).toBe(0.2);
    expect(rateOf("exponential")(step)).toBeCloseTo(0.2 * 0.98 ** Math.floor(step / 34), 12);
    expect(rateOf("cosine")(step)).toBeCloseTo(0.1 * (1 + Math.cos((Math.PI * step) / steps)), 12);
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
  expect(series.map(({ arm }) => arm)).toEqual(Object.keys(arms));
  const cosine = series.find(({ arm }) => arm === "cosine")!.points;
  expect(cosine[0]).toEqual({ x: 0, y: 0.2 });
  expect(cosine.at(-1)!.x).toBe(steps - 1);
});
