// Your own layer and your own loss: both are plain functions of tensors, whose gradients are
// derived.
import { dataset, split } from "@tenon/data";
import { constant } from "@tenon/init";
import { dense, layerFromJSON, sequential } from "@tenon/layers";
import { adam } from "@tenon/optimizers";
import { cos, normal, random, uniform } from "@tenon/random";
import { cosineDecay } from "@tenon/schedulers";
import { sin } from "@tenon/tensor";
import { fit, predictor } from "@tenon/trainer";
import { wasm } from "@tenon/wasm";

/**
 * x + sin²(a x) / a, with a learned `a` for each channel: for what repeats.
 * Ziyin et al. (2020), Neural networks fail to learn periodic functions. arXiv:2006.08195
 */
const snake = () => ({
  type: "snake",
  plan(input) {
    const a = { shape: [input.at(-1)], init: constant({ value: 1 }) };
    return { output: input, params: { a }, stats: {} };
  },
  forward(x, { params: { a } }) {
    return x.add(sin(x.mul(a)).square().div(a));
  },
  toJSON: () => ({ type: "snake", args: [] }),
});

/** The loss whose minimum is the q-th quantile: q e above the prediction, (1 − q) |e| below. */
const quantile = (q) => (predictions, targets) => {
  const error = targets.sub(predictions);
  return error
    .mul(q)
    .maximum(error.mul(q - 1))
    .mean();
};

// A wave with noise. Below which line are 90 % of the points?
const rng = random(1);
const [x, y] = [new Float32Array(2000), new Float32Array(2000)];
for (let i = 0; i < x.length; i++) {
  x[i] = uniform(rng, -4, 4);
  y[i] = cos(3 * x[i]) + normal(rng, 0, 0.3);
}
const column = (data) => ({ shape: [data.length, 1], dtype: "float32", data });
const points = dataset({ x: column(x), y: column(y) });
const { train, validation } = split(points, { validation: 0.25, seed: 1 });

const model = sequential(dense(32), snake(), dense(32), snake(), dense(1));
const engine = await wasm();
const learningRate = cosineDecay({ start: 0.01, steps: (60 * 1500) / 50 });
const optimizer = adam({ learningRate });
const options = { train, optimizer, batchSize: 50, epochs: 60, seed: 1, engine };
for await (const event of fit(model, { ...options, loss: quantile(0.9) })) {
  if (event.type === "epoch" && event.epoch % 20 === 0)
    console.log(`epoch ${event.epoch}: loss ${event.train.loss}`);
  if (event.type !== "end") continue;
  const again = layerFromJSON(JSON.parse(JSON.stringify(model)), { snake }); // as after a restart
  const held = validation.batches({ batchSize: validation.size })[Symbol.iterator]().next().value;
  const line = predictor(again, { params: event.params, engine }).predict(held.x);
  const below = held.y.data.filter((value, i) => value < line.data[i]).length;
  console.log(`${((100 * below) / validation.size).toFixed(1)} % of the others are below the line`);
}
