// How Tenon does the works: for its contender, and for the parts of the bench that measure Tenon
// alone.
import { conv2d, dense, dropout, flatten, maxPool2d, relu, sequential } from "@tenon/layers";
import { crossEntropy } from "@tenon/losses";
import { adam } from "@tenon/optimizers";
import { startOf, trainingStep } from "@tenon/trainer";
import { wasm } from "@tenon/wasm";
import { initialOf } from "./initial.mjs";
import { learningRate } from "./works.mjs";

/**
 * The engine that TENON_WASM names: "turbo", "relaxed" or, if it names none, the portable one. A
 * missing one is not replaced by another.
 */
export async function engineOf(threads) {
  const wish = process.env.TENON_WASM ?? "";
  const engine = await wasm({ threads, turbo: wish === "turbo", relaxed: wish === "relaxed" });
  if (wish !== "" && !engine[wish])
    throw new Error(
      `wasm: expected an engine with ${wish}, got one without; Node ${process.versions.node} ` +
        `on ${process.arch} does not have it`,
    );
  return engine;
}

/** The model of a work. */
export function modelOf({ hidden = [], convolutions, dropout: rate }) {
  const layers = convolutions
    ? [
        ...convolutions.flatMap((filters) => [conv2d(filters, 3), relu(), maxPool2d(2)]),
        flatten(),
        dropout(rate),
      ]
    : [flatten(), ...hidden.flatMap((units) => [dense(units), relu()])];
  return sequential(...layers, dense(10));
}

/** The weights with which every contender begins, by their names in the model. */
function paramsOf(model, task) {
  const kernels = Object.keys(model.plan([28, 28, 1]).params).filter((path) =>
    path.endsWith("/kernel"),
  );
  const layers = initialOf(task).map(({ shape, values }, i) => [
    kernels[i],
    { shape, dtype: "float32", data: values },
  ]);
  return Object.fromEntries(layers);
}

/** A step of training of a work. */
export function programOf(engine, task, observe = false) {
  const model = modelOf(task);
  const { batch } = task;
  const optimizer = adam({ learningRate });
  const scalar = { shape: [], dtype: "int32" };
  return engine.compile(
    trainingStep(model, { loss: crossEntropy, optimizer, observe }),
    startOf(model, [28, 28, 1], optimizer, 1, { params: paramsOf(model, task) }),
    {
      x: { shape: [batch, 28, 28, 1] },
      y: { shape: [batch], dtype: "int32" },
      step: scalar,
      seed: scalar,
    },
  );
}
