import { dataset, type InMemoryDataset } from "@tenon/data";
import { dense } from "@tenon/layers";
import { crossEntropy, mse } from "@tenon/losses";
import { adam, sgd } from "@tenon/optimizers";
import { reference, type Tensor } from "@tenon/tensor";
import fc from "fast-check";
import { expect, test } from "vitest";
import { risingRates } from "./internal/risingRates.js";
import { network, quadrants } from "./internal/testing.js";
import { learningRateFinder, type LearningRateFinderOptions } from "./index.js";

const model = dense(1, { useBias: false });
const engine = reference();
const descent: LearningRateFinderOptions["optimizer"] = (learningRate) => sgd({ learningRate });

/**
 * Two examples, (a, 0) and (0, b), of which the mean squared error is (a²u² + b²v²) / 2:
 * a quadratic whose curvatures are a² and b², the larger of which bounds the rate: 2 / λ.
 */
function quadratic(a: number, b: number): InMemoryDataset {
  return dataset({
    x: { shape: [2, 2], dtype: "float32", data: Float32Array.of(a, 0, 0, b) },
    y: { shape: [2, 1], dtype: "float32", data: new Float32Array(2) },
  });
}

test("on a quadratic the loss begins to rise at 2 / λ, with the rate's next step", async () => {
  for (const a of [0.5, 1, 3, 10]) {
    const bound = 2 / a ** 2;
    const { points, lowest, reason } = await learningRateFinder(model, {
      ...{ train: quadratic(a, 0), loss: mse, optimizer: descent, smoothing: 0 },
      ...{ from: bound * 0.7, to: bound * 1.4, steps: 60, seed: 3, engine },
    });
    const factor = points[1]!.rate / points[0]!.rate;
    expect(lowest! / bound).toBeGreaterThan(1 - 1e-6);
    expect(lowest! / bound).toBeLessThan(factor * (1 + 1e-6));
    // Each loss is that of the closed form, (1 − rate · λ)² times the one before.
    for (let i = 1; i < points.length; i++)
      expect(
        points[i]!.loss / points[i - 1]!.loss / (1 - points[i - 1]!.rate * a ** 2) ** 2,
      ).toBeCloseTo(1, 3);
    expect(["diverged", "done"]).toContain(reason);
  }
});

test("it ends after 2 / λ, and suggests less than that", async () => {
  const curvature = fc.double({ min: 0.3, max: 30, noNaN: true });
  const seed = fc.integer({ min: 0, max: 99 });
  // With two curvatures the loss may for some steps fall most at rates above 2 / λ: along the
  // flatter direction, while along the other it grows from almost nothing.
  await fc.assert(
    fc.asyncProperty(curvature, fc.boolean(), seed, async (a, isRound, seed) => {
      const bound = 2 / a ** 2;
      const { points, suggestion, reason } = await learningRateFinder(model, {
        ...{ train: quadratic(a, isRound ? a : 0), loss: mse, optimizer: descent },
        ...{ from: bound / 1e4, to: bound * 1e4, steps: 80, seed, engine },
      });
      expect(reason).toBe("diverged");
      expect(suggestion).toBeLessThan(bound);
      expect(suggestion).toBeGreaterThan(bound / 100);
      expect(points.at(-1)!.rate).toBeGreaterThan(bound);
    }),
    { numRuns: 30 },
  );
});

const classify: LearningRateFinderOptions = {
  ...{ train: quadrants(64), loss: crossEntropy, steps: 40, batchSize: 16, seed: 5, engine },
  optimizer: (learningRate) => adam({ learningRate }),
  from: 1e-5,
};

test("smooths with bias correction, and suggests the steepest descent against log rate", async () => {
  const { points, suggestion, lowest } = await learningRateFinder(network(), classify);
  let sum = 0;
  for (const [i, { loss, smoothed }] of points.entries()) {
    sum = 0.98 * sum + 0.02 * loss;
    expect(smoothed).toBeCloseTo(sum / (1 - 0.98 ** (i + 1)), 12);
  }
  const least = Math.min(...points.map(({ smoothed }) => smoothed));
  const last = points.findIndex(({ smoothed }) => smoothed === least);
  expect(lowest).toBe(points[last]!.rate);
  const slopes = points
    .slice(4, last)
    .map(({ rate }, i) => ({
      rate,
      slope:
        (points[i + 5]!.smoothed - points[i + 3]!.smoothed) /
        Math.log(points[i + 5]!.rate / points[i + 3]!.rate),
    }))
    .sort((a, b) => a.slope - b.slope);
  expect(suggestion).toBe(slopes[0]!.rate);
});

test("its rates rise by one factor from the first to the last", () => {
  for (const [from, to, count] of [
    [1e-7, 10, 100],
    [1e-3, 2e-3, 10],
    [1, 1e9, 37],
  ] as const) {
    const rates = risingRates(from, to, count);
    expect(rates).toHaveLength(count);
    expect([rates[0], rates.at(-1)]).toEqual([from, to]);
    for (const [i, rate] of rates.entries())
      expect(Math.abs(rate / (from * (to / from) ** (i / (count - 1))) - 1)).toBeLessThan(1e-12);
  }
});

test("the same seed gives the same curve; the caller's model and data stay", async () => {
  const train = quadrants(64);
  const before = structuredClone(train.source);
  const once = await learningRateFinder(network(), { ...classify, train });
  const again = await learningRateFinder(network(), { ...classify, train });
  expect(again).toEqual(once);
  expect(train.source).toEqual(before);
  expect(JSON.parse(JSON.stringify(once))).toEqual(once); // plain data
  const other = await learningRateFinder(network(), { ...classify, train, seed: 6 });
  expect(other.points[0]!.loss).not.toBe(once.points[0]!.loss);
});

test("takes as many steps as it is asked for, over several epochs; fewer where it is aborted", async () => {
  const still = { ...classify, from: 1e-9, to: 1e-8, steps: 21 };
  const { points, reason } = await learningRateFinder(network(0), still);
  expect([points.length, reason]).toEqual([21, "done"]);
  const aborted = await learningRateFinder(network(0), { ...still, signal: { aborted: true } });
  expect(aborted).toEqual({ points: [], suggestion: null, lowest: null, reason: "aborted" });
});

test("ends where a step is not finite, and where a negative loss rises", async () => {
  const { points, reason } = await learningRateFinder(model, {
    ...{ train: quadratic(1, 1), loss: mse, optimizer: descent },
    ...{ from: 0.13, to: 1e10, stopAt: 1e300, engine },
  });
  expect(reason).toBe("nonFinite");
  expect(points.every(({ loss }) => Number.isFinite(loss))).toBe(true);
  const shifted = (p: Tensor, t: Tensor): Tensor => mse(p, t).sub(1);
  const curve = await learningRateFinder(model, {
    ...{ train: quadratic(1, 1), loss: shifted, optimizer: descent },
    ...{ from: 1e-3, to: 1e3, smoothing: 0, steps: 60, engine },
  });
  expect(curve.reason).toBe("diverged");
  expect(curve.points.at(-1)!.loss).toBeGreaterThan(1.5);
  expect(Math.min(...curve.points.map(({ loss }) => loss))).toBeLessThan(-0.9);
});

test("refuses a range that does not rise, and few steps", async () => {
  await expect(learningRateFinder(model, { ...classify, from: 1, to: 0.1 })).rejects.toThrow(
    "learningRateFinder: expected from < to, got from 1 and to 0.1",
  );
  await expect(learningRateFinder(model, { ...classify, steps: 5 })).rejects.toThrow(
    "learningRateFinder: expected a whole steps ≥ 10, got 5",
  );
  await expect(
    learningRateFinder(model, { ...classify, optimizer: (() => adam) as never }),
  ).rejects.toThrow("learningRateFinder: expected optimizer as a transform, such as adam()");
});

test("refuses an optimizer that does not use the rate", async () => {
  const given = { train: quadrants(64), loss: crossEntropy, optimizer: () => adam(), engine };
  await expect(learningRateFinder(network(), given)).rejects.toThrow(
    "learningRateFinder: expected an optimizer that uses the rate",
  );
});
