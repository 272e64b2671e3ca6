import type { Batch, NDArray } from "@tenon/contracts";
import {
  dataset,
  generated,
  inMemory,
  split,
  standardize,
  rescale,
  type InMemoryDataset,
} from "@tenon/data";
import { fromTorch, readTorch } from "@tenon/formats";
import {
  batchNorm,
  conv2d,
  dense,
  flatten,
  frozen,
  maxPool2d,
  relu,
  sequential,
} from "@tenon/layers";
import { crossEntropy } from "@tenon/losses";
import { accuracy } from "@tenon/metrics";
import { adam } from "@tenon/optimizers";
import { random, uniform } from "@tenon/random";
import { reference } from "@tenon/tensor";
import { expectClose } from "@tenon/testkit";
import { fit, pickWeights, predictor, type EndEvent, type FitOptions } from "@tenon/trainer";
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { expect, test, type TestContext } from "vitest";

// Fine-tuning: a head on features that a network of ONNX Runtime Web makes, and on those of the
// same network here, whose layers are frozen.

interface Ort {
  readonly env: { readonly wasm: { numThreads: number } };
  readonly Tensor: new (type: "float32", data: Float32Array, shape: readonly number[]) => object;
  readonly InferenceSession: {
    create(model: Uint8Array): Promise<{
      run(feeds: object): Promise<Record<string, { data: Float32Array; dims: readonly number[] }>>;
    }>;
  };
}

const file = (name: string): Uint8Array =>
  new Uint8Array(
    readFileSync(new URL(`../../../packages/formats/fixtures/${name}`, import.meta.url)),
  );
const input = [8, 8, 1];

/** Noisy images with a bright spot; the class is the quadrant that it is in. */
function spots(n: number): InMemoryDataset {
  const rng = random(4).split("spots");
  const x = Float32Array.from({ length: n * 64 }, () => uniform(rng, -0.5, 0.5));
  const y = Int32Array.from({ length: n }, (_, i) => i % 4);
  y.forEach((quadrant, i) => {
    const [row, column] = [4 * (quadrant >> 1) + 1, 4 * (quadrant & 1) + 1];
    for (let k = 0; k < 4; k++) x[i * 64 + (row + (k >> 1)) * 8 + column + (k & 1)]! += 2;
  });
  return dataset({
    x: { shape: [n, ...input], dtype: "float32", data: x },
    y: { shape: [n], dtype: "int32", data: y },
  });
}

const images = spots(320);
const common = {
  loss: crossEntropy,
  metrics: [accuracy],
  batchSize: 16,
  seed: 3,
  engine: reference(),
};

async function endOf(model: Parameters<typeof fit>[0], options: FitOptions): Promise<EndEvent> {
  for await (const event of fit(model, options)) if (event.type === "end") return event;
  throw new Error("a run without an end");
}

/**
 * What ONNX Runtime makes of images [n, 8, 8, 1]: features [n, 16]; nothing where it is not there.
 */
async function featuresOf(context: TestContext): Promise<(images: NDArray) => Promise<NDArray>> {
  const path = fileURLToPath(
    new URL("../../../.cache/tools/node_modules/onnxruntime-web", import.meta.url),
  );
  if (!existsSync(path)) return context.skip("no ONNX Runtime in .cache/tools; .ci/run fetches it");
  const ort = createRequire(import.meta.url)(path) as Ort;
  ort.env.wasm.numThreads = 1;
  const session = await ort.InferenceSession.create(file("features.onnx"));
  return async ({ shape: [n], data }) => {
    // With one channel, [n, 8, 8, 1] and [n, 1, 8, 8] are the same values.
    const { features } = await session.run({
      images: new ort.Tensor("float32", Float32Array.from(data), [n!, 1, 8, 8]),
    });
    return {
      shape: [...features!.dims],
      dtype: "float32",
      data: Float32Array.from(features!.data),
    };
  };
}

const layers = [
  conv2d(3, 3, { padding: "same" }),
  batchNorm({ epsilon: 1e-5 }),
  relu(),
  maxPool2d(2),
];
const body = sequential(...layers, conv2d(4, 3, { padding: "same" }), relu(), maxPool2d(2));
const weights = fromTorch(body, input, readTorch(file("cnn.pt")).tensors, {
  names: { conv2d1: "conv1", batchNorm1: "norm", conv2d2: "conv2" },
});

test("a head learns on features of ONNX Runtime, which are those of the same network here", async (context) => {
  const features = await featuresOf(context);
  const batch = images.gather([0, 1, 2]);
  const [theirs, ours] = [
    await features(batch.x),
    predictor(body, { ...weights, engine: reference() }).predict(batch.x),
  ];
  // [channels, height, width] there, [height, width, channels] here.
  const turned = Array.from(
    theirs.data,
    (_, i) => ours.data[16 * Math.floor(i / 16) + 4 * (i % 4) + Math.floor((i % 16) / 4)]!,
  );
  expectClose([...theirs.data], turned, 1e-5);

  const all = await inMemory(
    await generated(async function* (): AsyncGenerator<Batch> {
      for (const { x, y } of images.batches({ batchSize: 64 })) {
        const made = dataset({ x: await features(x), y });
        for (let i = 0; i < made.size; i++) {
          const one = made.gather([i]);
          yield { x: { ...one.x, shape: [16] }, y: { ...one.y, shape: [] } };
        }
      }
    }),
  );
  const { train, validation } = split(all, { validation: 0.25, seed: 1, stratify: true });
  const scaling = standardize(train, { per: "place" });
  const end = await endOf(dense(4), {
    ...common,
    train: rescale(train, scaling),
    validation: rescale(validation, scaling),
    optimizer: adam({ learningRate: 0.05 }),
    epochs: 12,
    metadata: { scaling: JSON.stringify(scaling) },
  });
  expect(end.history.at(-1)!.validation!["accuracy"]).toBeGreaterThan(0.95);
});

test("a frozen body and a head that learns: the body's weights stay, bit for bit", async () => {
  const model = sequential(frozen(body), flatten(), dense(4));
  const { train, validation } = split(images, { validation: 0.25, seed: 1, stratify: true });
  const initial = pickWeights(weights, { "": "sequential1/" });
  const options = {
    ...common,
    train,
    validation,
    optimizer: adam({ learningRate: 0.05 }),
    initial,
  };
  const end = await endOf(model, { ...options, epochs: 8 });
  expect(end.history.at(-1)!.validation!["accuracy"]).toBeGreaterThan(0.95);
  for (const [path, { data }] of Object.entries({ ...weights.params, ...weights.stats }))
    expect((end.params[`sequential1/${path}`] ?? end.stats[`sequential1/${path}`])!.data).toEqual(
      data,
    );
});
