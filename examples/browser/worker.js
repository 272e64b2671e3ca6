// The worker: it trains, and sends after each epoch which parts of the plane it takes for the ring.
import { dataset } from "@tenon/data";
import { dense, relu, sequential } from "@tenon/layers";
import { crossEntropy } from "@tenon/losses";
import { accuracy } from "@tenon/metrics";
import { adam } from "@tenon/optimizers";
import { random, uniform } from "@tenon/random";
import { fit, pickWeights, predictor } from "@tenon/trainer";
import { wasm } from "@tenon/wasm";

const [n, rng] = [2000, random(1)];
const x = Float32Array.from({ length: 2 * n }, () => uniform(rng, -1, 1));
const isWithin = (i) => Math.abs(x[2 * i] ** 2 + x[2 * i + 1] ** 2 - 0.4) < 0.2;
const y = Int32Array.from({ length: n }, (_, i) => Number(isWithin(i)));
const train = dataset({
  x: { shape: [n, 2], dtype: "float32", data: x },
  y: { shape: [n], dtype: "int32", data: y },
});

// What is drawn: the class of each point of a grid.
const size = 30;
const grid = Float32Array.from({ length: 2 * size * size }, (_, i) => {
  const place = i % 2 === 0 ? (i / 2) % size : Math.floor(i / 2 / size);
  return (2 * place + 1) / size - 1;
});

const model = sequential(dense(64), relu(), dense(32), relu(), dense(2));
const [engine, epochs] = [await wasm(), 20];
let params; // those of the last checkpoint, which is made after each epoch
const checkpoints = {
  write: (_, arrays) => ({ params } = pickWeights({ params: arrays }, { "params/": "" })),
};
let scores;
for await (const event of fit(model, {
  ...{ train, epochs, checkpoints, engine },
  loss: crossEntropy,
  metrics: [accuracy],
  optimizer: adam({ learningRate: 5e-3 }),
  seed: 1,
})) {
  if (event.type === "epoch") scores = { ...event.train, epoch: event.epoch };
  if (event.type !== "checkpoint" || event.name !== "last" || !scores) continue;
  const { predict } = predictor(model, { params, engine });
  const logits = predict({ shape: [size * size, 2], dtype: "float32", data: grid }).data;
  const within = Array.from({ length: size * size }, (_, i) => logits[2 * i + 1] > logits[2 * i]);
  postMessage({ ...scores, size, within, isDone: scores.epoch === epochs });
}
