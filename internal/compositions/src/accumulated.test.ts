import type { Transform } from "@tenon/contracts";
import { dataset } from "@tenon/data";
import { dense, relu, sequential } from "@tenon/layers";
import { crossEntropy } from "@tenon/losses";
import { accumulate, adam } from "@tenon/optimizers";
import { random, uniform } from "@tenon/random";
import { reference } from "@tenon/tensor";
import { expectClose } from "@tenon/testkit";
import { fit, type EndEvent } from "@tenon/trainer";
import { wasm } from "@tenon/wasm";
import { expect, test } from "vitest";

const rng = random(2);
const train = dataset({
  x: {
    shape: [96, 3],
    dtype: "float32",
    data: Float32Array.from({ length: 288 }, () => uniform(rng, -1, 1)),
  },
  y: { shape: [96], dtype: "int32", data: Int32Array.from({ length: 96 }, (_, i) => i % 4) },
});
const model = sequential(dense(8), relu(), dense(4));

test.each(["reference", "wasm"])(
  "four batches of 8 that are accumulated are as good as one of 32, on the %s engine",
  async (name) => {
    const engine = name === "wasm" ? await wasm({ threads: 1 }) : reference();
    const asked: number[] = [];
    const rate = (step: number): number => {
      asked.push(step);
      return 0.05 / (1 + step);
    };
    const endOf = async (optimizer: Transform, batchSize: number): Promise<EndEvent> => {
      const options = {
        train,
        loss: crossEntropy,
        optimizer,
        batchSize,
        epochs: 3,
        seed: 5,
        engine,
      };
      for await (const event of fit(model, options)) if (event.type === "end") return event;
      throw new Error("a run without an end");
    };
    const whole = await endOf(adam({ learningRate: rate }), 32);
    const steps = [...new Set(asked.splice(0))];
    const parts = await endOf(accumulate(adam({ learningRate: rate }), 4), 8);
    // The schedule counts the optimizer's steps, not the batches.
    expect([...new Set(asked)]).toEqual(steps);
    expect(Math.max(...asked)).toBe(8);
    expect(parts.snapshot.progress.step).toBe(36);
    for (const [path, { data }] of Object.entries(whole.params))
      expectClose([...parts.params[path]!.data], [...data], 1e-4);
  },
);
