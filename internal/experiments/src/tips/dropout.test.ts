import type { Metric } from "@tenon/contracts";
import { dense, dropout, flatten, sequential } from "@tenon/layers";
import { crossEntropy } from "@tenon/losses";
import { sgd } from "@tenon/optimizers";
import { fit, type FinishedRun } from "@tenon/trainer";
import { wasm } from "@tenon/wasm";
import { reference } from "@tenon/tensor";
import { expect, test } from "vitest";
import { endingOf, experiments, startRun, startValues, withEnding } from "../index.js";
import { mnistDigits } from "../testing.js";
import { keptUnits } from "./dropout.js";

const of = experiments.find(({ id }) => id === "dropout")!;
const digits = mnistDigits();
const size = { train: 80, validation: 40, epochs: 6, batchSize: 20, seeds: 1 };

test("a part of the digits is the first ones", () => {
  const options = of.arms({ ...startValues(of), share: 0.1 })["rate=0.5"]!;
  const { train } = of.setup(options, { digits, size, seed: 1, engine: reference() });
  expect(train.size).toBe(8);
  expect(
    of.setup(of.arms(startValues(of))["rate=0"]!, { digits, size, seed: 1, engine: reference() })
      .train,
  ).toBe(digits.train(80));
});

test("the gap is of what the network answers without dropout", async () => {
  const engine = await wasm({ threads: 1 });
  const options = of.arms(startValues(of))["rate=0"]!;
  const given = { digits, size, seed: 1, engine };
  const { measuring, events } = startRun(of, options, given);
  let run: FinishedRun | undefined;
  for await (const event of events)
    if (event.type === "end") {
      const ending = await endingOf(of, options, given, event);
      run = withEnding(measuring.finished({ arm: "rate=0", seed: 1 }, event), ending);
    }
  const { accuracy } = run!.records!["training"] as { accuracy: number };
  const [bar] = of.pictures
    .find(({ id }) => id === "gap")!
    .chart({ arms: { "rate=0": options }, values: startValues(of), size, runs: [run!] }).series;
  expect(accuracy * 40).toBeCloseTo(Math.round(accuracy * 40), 9); // of as many as are validated
  expect(bar!.points[0]!.y).toBeCloseTo(accuracy - run!.measures["accuracy"]!, 12);
  expect(accuracy).toBeGreaterThan(run!.measures["accuracy"]!);
});

test("the mask is the one that training draws, in each step", async () => {
  const [rate, seed, units] = [0.5, 3, 100];
  const masks: boolean[][] = [];
  const noting: Metric = {
    name: "noting",
    start: null,
    update(_, { data }) {
      // Of the first example: a unit of `dense` is never exactly 0 unless it is dropped.
      masks.push(Array.from({ length: units }, (_, i) => data[i] !== 0));
      return null;
    },
    result: () => 0,
  };
  const model = sequential(flatten(), dense(units), dropout(rate));
  for await (const _ of fit(model, {
    ...{ train: digits.train(30), loss: crossEntropy, metrics: [noting], batchSize: 10, seed },
    optimizer: sgd({ learningRate: 0.01 }),
    engine: reference(),
  }));
  expect(masks).toHaveLength(3);
  for (const [step, mask] of masks.entries()) {
    expect(keptUnits(rate, seed, step, units)).toEqual(mask);
    expect(mask.filter(Boolean).length).toBeGreaterThan(30);
    expect(mask.filter(Boolean).length).toBeLessThan(70);
  }
});
