import type { FinishedRun } from "@tenon/trainer";
import { expect, test } from "vitest";
import { wasm } from "@tenon/wasm";
import { experiments, startRun, startValues, weightsDigest } from "../index.js";
import { mnistDigits } from "../testing.js";
import { chosen } from "./weightDecay.js";

const of = experiments.find(({ id }) => id === "weightDecay")!;

test("λ is chosen by the other seeds", () => {
  const run = (arm: string, seed: number, loss: number | null): FinishedRun => ({
    ...{ arm, seed, steps: 1, epochs: 1, reason: "done" },
    measures: { loss },
  });
  const runs = [
    ...[run("a", 1, 1), run("a", 2, 5), run("a", 3, 5)],
    ...[run("b", 1, 4), run("b", 2, 3), run("b", 3, 4)],
    ...[run("c", 1, 0), run("c", 2, null), run("c", 3, 0)],
  ];
  // Without seed 1: a 5, b 3.5. Without seed 2: a 3, b 4, c 0. Without seed 3: a 3, b 3.5.
  expect(chosen(runs).map(({ arm, seed }) => `${arm}${seed}`)).toEqual(["b1", "c2", "a3"]);
  expect(chosen(runs.filter(({ seed }) => seed === 1)).map(({ arm }) => arm)).toEqual(["c"]);
});

test("with SGD both forms have the same weights, with Adam they have not", async () => {
  const digits = mnistDigits();
  const engine = await wasm({ threads: 1 });
  const size = { train: 100, validation: 20, epochs: 1, batchSize: 50, seeds: 1 };
  const digestOf = async (optimizer: string, arm: string): Promise<string> => {
    const options = of.arms({ ...startValues(of), optimizer })[arm]!;
    const { events } = startRun(of, options, { digits, size, seed: 1, engine });
    let digest = "";
    for await (const event of events)
      if (event.type === "end") digest = weightsDigest(event.params);
    return digest;
  };
  for (const optimizer of ["sgd", "adam"]) {
    const [l2, decoupled] = [
      await digestOf(optimizer, "l2 λ=0.1"),
      await digestOf(optimizer, "decoupled λ=0.1"),
    ];
    expect(l2 === decoupled).toBe(optimizer === "sgd");
  }
});
