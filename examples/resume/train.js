// Training that goes on where it was cut off: `node train.js`, kill it at any moment,
// `node train.js`.
import { existsSync } from "node:fs";
import { dataset } from "@tenon/data";
import { runFolder } from "@tenon/formats/node";
import { dense, dropout, relu, sequential } from "@tenon/layers";
import { crossEntropy } from "@tenon/losses";
import { adam } from "@tenon/optimizers";
import { random, uniform } from "@tenon/random";
import { fit, snapshotFrom } from "@tenon/trainer";
import { wasm } from "@tenon/wasm";

// Which points are within a ring?
const [n, rng] = [2000, random(1)];
const x = Float32Array.from({ length: 2 * n }, () => uniform(rng, -1, 1));
const isWithin = (i) => Math.abs(x[2 * i] ** 2 + x[2 * i + 1] ** 2 - 0.4) < 0.2;
const y = Int32Array.from({ length: n }, (_, i) => Number(isWithin(i)));
const train = dataset({
  x: { shape: [n, 2], dtype: "float32", data: x },
  y: { shape: [n], dtype: "int32", data: y },
});

const checkpoints = runFolder(process.argv[2] ?? "run");
let resume;
if (existsSync(checkpoints.file("last"))) {
  const { tensors, metadata } = await checkpoints.read("last");
  resume = snapshotFrom(tensors, metadata);
}
for await (const event of fit(sequential(dense(64), relu(), dropout(0.1), dense(2)), {
  ...{ train, checkpoints, resume },
  checkpointEvery: 25, // steps; also written after each epoch
  loss: crossEntropy,
  optimizer: adam({ learningRate: 5e-3 }),
  epochs: 30,
  seed: 1,
  engine: await wasm(),
})) {
  if (event.type === "start") console.log(`from step ${event.step}`);
  if (event.type === "checkpoint") console.log(`step ${event.step} is saved`);
  if (event.type === "end") console.log(`the loss at the end: ${event.history.at(-1).train.loss}`);
}
