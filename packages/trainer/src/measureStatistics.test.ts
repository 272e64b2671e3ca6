import { dataset } from "@tenon/data";
import { batchNorm, dense, sequential } from "@tenon/layers";
import { adam } from "@tenon/optimizers";
import { reference } from "@tenon/tensor";
import { expectClose, refusal } from "@tenon/testkit";
import { expect, test } from "vitest";
import { measureStatistics, startOf } from "./index.js";

const examples = 10;
const x = Float32Array.from({ length: examples * 2 }, (_, i) => Math.sin(3.3 * i) * 4);
const data = dataset({
  x: { shape: [examples, 2], dtype: "float32", data: x },
  y: { shape: [examples], dtype: "int32", data: new Int32Array(examples) },
});
const engine = reference();

/** The mean and variance of a channel in some examples. */
function moments(channel: number, from: number, to: number): [mean: number, variance: number] {
  const values = Array.from({ length: to - from }, (_, i) => x[2 * (from + i) + channel]!);
  const mean = values.reduce((a, b) => a + b, 0) / values.length;
  return [mean, values.reduce((a, b) => a + (b - mean) ** 2, 0) / values.length];
}

test("is the mean of all batches' statistics, also of a last one that is smaller", async () => {
  const model = sequential(batchNorm({ momentum: "cumulative" }), dense(1));
  const { params } = startOf(model, [2], adam(), 1);
  const stats = await measureStatistics(model, { params, data, batchSize: 4, engine });
  const cuts = [0, 4, 8, 10];
  for (const [at, name] of ["mean", "variance"].entries()) {
    const path = Object.keys(stats).find((key) => key.toLowerCase().includes(name))!;
    expectClose(
      stats[path]!.data,
      [0, 1].map((channel) => {
        const each = cuts.slice(1).map((to, i) => moments(channel, cuts[i]!, to)[at]!);
        return each.reduce((a, b) => a + b, 0) / each.length;
      }),
      1e-5,
      path,
    );
  }
});

test("a model without statistics has none; what makes no sense is refused", async () => {
  const model = dense(1);
  const { params } = startOf(model, [2], adam(), 1);
  expect(await measureStatistics(model, { params, data, engine })).toEqual({});
  await expect(measureStatistics(model, { params, data, engine, batchSize: 0 })).rejects.toThrow(
    refusal("measureStatistics: expected a whole batchSize ≥ 1, got 0"),
  );
});
