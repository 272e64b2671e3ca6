import { dataset, rescale, take, toUnit, type InMemoryDataset } from "@tenon/data";
import { batchNorm, dense, dropout, relu, sequential, tanh } from "@tenon/layers";
import { binaryCrossEntropy, crossEntropy, mse } from "@tenon/losses";
import { accuracy } from "@tenon/metrics";
import { complete, type Config } from "@tenon/mnist/config";
import { modelOf } from "@tenon/mnist/models";
import { optimizerOf, penaltiesOf } from "@tenon/mnist/optimizer";
import { adam, adamw, sgd } from "@tenon/optimizers";
import type { Layer } from "@tenon/contracts";
import type { Tensor } from "@tenon/tensor";
import { mnist } from "../mnist.js";
import { blobs, labelled, parted, spirals, strokes, valued, waves, type Data } from "./data.js";
import type { Run } from "./run.js";

const batchSize = 64;

/** This many digits to train on, and half as many others to validate on. */
function digits(count: number): Data {
  const part = (name: "train" | "t10k", size: number): InMemoryDataset => {
    const { images, labels } = mnist(name);
    const y = { ...labels, dtype: "int32" as const, data: Int32Array.from(labels.data) };
    const all = dataset({ x: images, y }, { exampleShape: [28, 28, 1] });
    return take(rescale(all, toUnit()), size);
  };
  return { train: part("train", count), validation: part("t10k", count / 2) };
}

/** A run of the sample app with these flags. */
function ofApp(
  flags: Partial<Config>,
  count: number,
  recipe: "tutorial" | "fast" = "tutorial",
): Run {
  const config = complete({ epochs: 2, batchSize, ...flags }, recipe);
  const steps = Math.ceil(count / batchSize);
  const loss =
    config.labelSmoothing > 0
      ? (logits: Tensor, labels: Tensor) =>
          crossEntropy(logits, labels, { labelSmoothing: config.labelSmoothing })
      : crossEntropy;
  return {
    model: modelOf(config),
    data: digits(count),
    loss,
    lossName: "crossEntropy",
    metrics: [accuracy],
    optimizer: optimizerOf(config, steps),
    penalties: penaltiesOf(config),
    epochs: config.epochs,
    batchSize,
    every: 10,
    seed: config.seed,
  };
}

const mlp = (classes: number, act: () => Layer<Tensor> = relu): Layer<Tensor> =>
  sequential(dense(64), act(), dense(64), act(), dense(classes));
const curls = (): Data => parted(spirals(1600), 1200, labelled);
const images = (): Data => parted(strokes(1200), 900, labelled);
const classes = { loss: crossEntropy, metrics: [accuracy], batchSize: 32, every: 10 };

/** Runs as they should be, by name. */
export function healthyRuns(): Readonly<Record<string, () => Run>> {
  return {
    "mlp, sgd": () => ofApp({ model: "mlp", optimizer: "sgd", seed: 1 }, 4096),
    "mlp, momentum": () => ofApp({ model: "mlp", optimizer: "momentum", seed: 2 }, 4096),
    "mlp, nesterov": () => ofApp({ model: "mlp", optimizer: "nesterov", seed: 3 }, 4096),
    "mlp, normalized gradient": () =>
      ofApp({ model: "mlp", optimizer: "normalized-gradient", seed: 4 }, 4096),
    "mlp, adagrad": () => ofApp({ model: "mlp", optimizer: "adagrad", seed: 5 }, 4096),
    "mlp, rmsprop": () => ofApp({ model: "mlp", optimizer: "rmsprop", seed: 6 }, 4096),
    "mlp, adam": () => ofApp({ model: "mlp", optimizer: "adam", seed: 7, epochs: 6 }, 4096),
    "mlp, adamw, batch norm, cosine": () =>
      ofApp(
        { model: "mlp", optimizer: "adamw", normalization: "batch", schedule: "cosine", seed: 8 },
        4096,
      ),
    "mlp, layer norm, l2": () =>
      ofApp({ model: "mlp", normalization: "layer", l2: 1e-4, seed: 9 }, 4096),
    "mlp, he normal, ema, max norm": () =>
      ofApp({ model: "mlp", init: "he-normal", average: "ema", maxNorm: 3, seed: 10 }, 4096),
    "cnn, tutorial": () => ofApp({ seed: 11 }, 2048),
    "cnn, fast": () => ofApp({ seed: 12 }, 4096, "fast"),
    "cnn, weight norm, clipping": () =>
      ofApp({ filters: 8, normalization: "weight", clipNorm: 1, seed: 13 }, 2048),
    "resnet, adam": () => ofApp({ model: "resnet", seed: 14 }, 2048),
    "inception, warm-up": () =>
      ofApp({ model: "inception", schedule: "warmup-cosine", seed: 15 }, 4096),
    "spirals, adam": () => ({
      ...{ ...classes, model: mlp(2), data: curls(), optimizer: adam({ learningRate: 0.01 }) },
      ...{ epochs: 20, seed: 16 },
    }),
    "clouds, tanh, adam": () => ({
      ...{ ...classes, model: mlp(8, tanh), epochs: 10, seed: 17 },
      data: parted(blobs(1200, 8, 8), 900, labelled),
      optimizer: adam({ learningRate: 0.01 }),
    }),
    "strokes, sgd": () => ({
      ...{ ...classes, model: mlp(4), data: images(), optimizer: sgd({ learningRate: 0.1 }) },
      ...{ epochs: 10, seed: 18 },
    }),
    "strokes, batch norm and dropout": () => ({
      ...{ ...classes, data: images(), epochs: 10, seed: 19 },
      model: sequential(dense(64), batchNorm(), relu(), dropout(0.3), dense(4)),
      optimizer: adamw({ learningRate: 0.003, only: (_, shape) => shape.length > 1 }),
    }),
    "waves, mean squared error": () => ({
      ...{ ...classes, metrics: [], loss: mse, model: mlp(1), epochs: 15, seed: 20 },
      data: parted(waves(1200), 900, valued),
      optimizer: adam({ learningRate: 0.003 }),
    }),
    "two clouds, binary cross entropy": () => ({
      ...{ ...classes, metrics: [], loss: binaryCrossEntropy, model: mlp(1), epochs: 6, seed: 21 },
      data: parted(blobs(1200, 2, 8, 1), 900, valued),
      optimizer: adam({ learningRate: 0.003 }),
    }),
  };
}
