import { readFileSync } from "node:fs";
import brain from "brain.js";
import { learningRate, serve, task } from "./contender.mjs";

const { version } = JSON.parse(
  readFileSync(new URL("./node_modules/brain.js/package.json", import.meta.url), "utf8"),
);
const net = new brain.NeuralNetwork({
  inputSize: 784,
  outputSize: 10,
  hiddenLayers: task.hidden,
  activation: "relu",
});
net.updateTrainingOptions({ ...net.trainOpts, praxis: "adam", learningRate });
net.initialize();

const targets = Array.from({ length: 10 }, (_, digit) =>
  Float32Array.from({ length: 10 }, (_, i) => Number(i === digit)),
);
await serve(
  {
    version,
    chance: 0.09,
    note: "squared error, one example after the other: it has no batches and no softmax",
  },
  (_, { x, y }) => {
    let sum = 0;
    for (let i = 0; i < y.length; i++)
      sum += net.trainPattern(
        { input: x.subarray(784 * i, 784 * (i + 1)), output: targets[y[i]] },
        true,
      );
    return sum / y.length;
  },
);
