import { curveOf, type StepEvent } from "@tenon/trainer";
import { expect, test } from "vitest";
import { lossBySeconds, secondsToLoss, stepTimes } from "./seconds.js";

const step = (number: number, loss: number, milliseconds = 1000): StepEvent => ({
  ...{ type: "step", step: number, epoch: 1, batch: number, batches: 9, running: {} },
  ...{ loss, examples: 100, milliseconds },
});

test("times are kept of steps that are evenly spread over the run", () => {
  const recorder = stepTimes();
  let state = recorder.start;
  for (let i = 1; i <= 300; i++) state = recorder.update(state, step(i, 1, i));
  const { every, milliseconds } = state;
  expect(every).toBe(8);
  expect(milliseconds).toEqual(Array.from({ length: 37 }, (_, i) => 8 * (i + 1)));
});

test("steps are counted until the loss is low enough, times the median of their time", () => {
  const measure = secondsToLoss(1, 100);
  const after = (losses: readonly number[], milliseconds: readonly number[] = []): number => {
    const state = losses.reduce(
      (state, loss, i) => measure.update!(state, step(i + 1, loss, milliseconds[i])),
      measure.start!,
    );
    return measure.result({} as never, state);
  };
  // Means: 2, 2 − 2 (1 − 1/e) = 0.736.
  expect(after([2, 0])).toBe(2);
  expect(after([2, 1.5, 1.2, 0.5, 0.4])).toBe(4); // 1.684, 1.378, 0.823
  expect(after([2, 0, 0, 0], [9000, 3000, 1000, 2000])).toBe(5); // 2 steps of 2.5 seconds
  // A clock that goes by tenths of milliseconds has most steps take no time: the mean is right.
  expect(after([2, 0, 0, 0, 0], [0, 0.1, 0, 0, 0.1])).toBeCloseTo((2 * 0.04) / 1000, 12);
  expect(after([2, 0, 0], [0, 0, 0])).toBeNaN();
  expect(after([2, 2, 2])).toBeNaN();
  expect(after([1])).toBe(1);
});

test("a curve goes over the mean of the seconds of all seeds", () => {
  const runs = [0, 2, 4].map((seconds, i) => {
    const [times, losses] = [stepTimes(), curveOf("loss")];
    const events = [3, 1].map((loss, i) => step(i + 1, loss, 1000 * seconds));
    return {
      ...{ arm: "a", seed: i + 1 },
      records: {
        times: events.reduce(times.update, times.start),
        losses: events.reduce(losses.update, losses.start),
      },
    };
  });
  const { series } = lossBySeconds({ id: "x", losses: "losses", times: "times" }).chart({
    ...{ arms: { a: null, b: null }, values: {}, runs },
    size: { train: 1, validation: 1, epochs: 1, batchSize: 1, seeds: 2 },
  });
  expect(series.map(({ points }) => points)).toEqual([
    [
      { x: 3, y: 3, low: 3, high: 3 },
      { x: 6, y: 1, low: 1, high: 1 },
    ],
    [],
  ]);
});
