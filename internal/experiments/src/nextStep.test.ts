import { dataset } from "@tenon/data";
import { dense } from "@tenon/layers";
import { mse } from "@tenon/losses";
import { sgd } from "@tenon/optimizers";
import { fit, type EndEvent } from "@tenon/trainer";
import { reference } from "@tenon/tensor";
import { expect, test } from "vitest";
import { nextStep } from "./nextStep.js";

test("is what one more step of the same run does", async () => {
  const values = (count: number): Float32Array =>
    Float32Array.from({ length: count }, (_, i) => Math.sin(i * i));
  const train = dataset({
    x: { shape: [4, 3], dtype: "float32", data: values(12) },
    y: { shape: [4, 2], dtype: "float32", data: values(8) },
  });
  const setup = {
    ...{ model: dense(2), train, loss: mse, batchSize: 4 },
    optimizer: sgd({ learningRate: 0.1 }),
    engine: reference(),
  };
  const endOf = async (epochs: number): Promise<EndEvent> => {
    const { model, ...options } = setup;
    let end: EndEvent | undefined;
    for await (const event of fit(model, { ...options, epochs, seed: 3 }))
      if (event.type === "end") end = event;
    return end!;
  };
  // The batch is all of the data: one epoch is one step.
  const [before, after] = [await endOf(2), await endOf(3)];
  const change = nextStep(setup, before);
  expect(Object.keys(change).sort()).toEqual(["bias", "kernel"]);
  for (const [path, { data }] of Object.entries(after.params))
    for (const [i, value] of Array.from(data).entries())
      expect(change[path]![i]).toBeCloseTo(value - before.params[path]!.data[i]!, 6);
});
