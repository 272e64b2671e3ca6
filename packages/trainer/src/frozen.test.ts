import { batchNorm, dense, frozen, relu, sequential } from "@tenon/layers";
import { mse } from "@tenon/losses";
import { adamw } from "@tenon/optimizers";
import { l2 } from "@tenon/regularizers";
import { reference } from "@tenon/tensor";
import { wasm } from "@tenon/wasm";
import { expect, test } from "vitest";
import { startOf, trainingStep } from "./trainingStep.js";

const scalar = { shape: [], dtype: "int32" } as const;
const model = sequential(frozen(sequential(dense(4), batchNorm())), relu(), dense(2));
const optimizer = adamw({ learningRate: 0.1, weightDecay: 0.1 });
const start = startOf(model, [3], optimizer, 1);

test("an optimizer keeps nothing for frozen parameters", () => {
  for (const slot of Object.values(start.slots))
    expect(Object.keys(slot)).toEqual(["dense1/kernel", "dense1/bias"]);
});

for (const engine of [reference(), await wasm({ threads: 1 })])
  test(`neither gradients, decay nor penalties change them (${engine.name})`, () => {
    const step = trainingStep(model, { loss: mse, optimizer, penalties: [l2(1)], observe: true });
    const program = engine.compile(step, start, {
      x: { shape: [2, 3] },
      y: { shape: [2, 2] },
      step: scalar,
      seed: scalar,
    });
    const [x, y] = [Float32Array.of(1, 2, 3, 4, 5, 7), new Float32Array(4)];
    for (let i = 0; i < 3; i++) {
      const { committed, observed } = program.step({ x, y, step: i, seed: 1 });
      expect(committed.data[0]).toBe(1);
      expect(Object.keys(observed.params)).toEqual(["dense1/kernel", "dense1/bias"]);
    }
    const { params, stats } = program.state();
    for (const [path, array] of Object.entries(params)) {
      if (path.startsWith("sequential1/")) expect(array).toEqual(start.params[path]);
      else expect(array.data).not.toEqual(start.params[path]!.data);
    }
    expect(stats).toEqual(start.stats);
  });
