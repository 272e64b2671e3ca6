import { crossEntropy } from "@tenon/losses";
import { accuracy } from "@tenon/metrics";
import { evaluate, type EndEvent } from "@tenon/trainer";
import { wasm } from "@tenon/wasm";
import { expect, test } from "vitest";
import { endingOf, experiments, startRun, startValues } from "../index.js";
import { mnistDigits } from "../testing.js";
import { distanceBetween, stopOf } from "./earlyStopping.js";

test("a rule stops after as many epochs without a better one as its patience", () => {
  const losses = [3, 2, 2.5, 1, 1.5, 1.4, 0.5, 2];
  expect(stopOf(losses, 1)).toEqual({ stop: 3, best: 2 });
  expect(stopOf(losses, 2)).toEqual({ stop: 6, best: 4 });
  expect(stopOf(losses, 3)).toEqual({ stop: 8, best: 7 });
  expect(stopOf([2, null, 1], 1)).toEqual({ stop: 2, best: 1 });
});

test("a run is judged by the weights that it keeps", async () => {
  const of = experiments.find(({ id }) => id === "earlyStopping")!;
  const arms = of.arms({ ...startValues(of), patience: 1 });
  const digits = mnistDigits();
  const engine = await wasm({ threads: 1 });
  const size = { train: 100, validation: 200, epochs: 8, batchSize: 50, seeds: 1 };
  for (const arm of ["none", "last", "best"]) {
    const given = { digits, size, seed: 1, engine };
    const { model } = of.setup(arms[arm]!, given);
    const { measuring, events } = startRun(of, arms[arm]!, given);
    let end: EndEvent | undefined;
    for await (const event of events) if (event.type === "end") end = event;
    const { params, stats } = end!;
    const data = digits.validation(size.validation);
    const scores = await evaluate(model, {
      ...{ params, stats, data, engine },
      ...{ loss: crossEntropy, metrics: [accuracy] },
    });
    const { measures } = measuring.finished({ arm, seed: 1 }, end!);
    expect(measures["loss"]).toBeCloseTo(scores["loss"]!, 5);
    expect(measures["accuracy"]).toBeCloseTo(scores["accuracy"]!, 5);
    expect(end!.reason).toBe(arm === "none" ? "done" : "earlyStopping");
  }
});

test("the distance from the best epoch's weights is 0 there, and grows on both sides", async () => {
  const of = experiments.find(({ id }) => id === "earlyStopping")!;
  const options = of.arms(startValues(of))["none"]!;
  const engine = await wasm({ threads: 1 });
  const size = { train: 100, validation: 100, epochs: 4, batchSize: 25, seeds: 1 };
  const given = { digits: mnistDigits(), size, seed: 1, engine };
  let end: EndEvent | undefined;
  for await (const event of startRun(of, options, given).events)
    if (event.type === "end") end = event;
  const ending = await endingOf(of, options, given, end!);
  const distances = ending.records["distances"] as readonly number[];
  const best = end!.snapshot.progress.best.epoch;
  expect(distances).toHaveLength(1 + size.epochs);
  expect(distances.map((distance) => distance === 0).indexOf(true)).toBe(best);
  for (let i = 1; i <= best; i++) expect(distances[i]).toBeLessThan(distances[i - 1]!);
  for (let i = best + 1; i <= size.epochs; i++)
    expect(distances[i]).toBeGreaterThan(distances[i - 1]!);
  const array = (...data: number[]) => ({
    ...{ shape: [data.length], dtype: "float32" as const },
    data: Float32Array.from(data),
  });
  expect(distanceBetween({ a: array(1, 2), b: array(5) }, { a: array(4, 6), b: array(17) })).toBe(
    13,
  );
});
