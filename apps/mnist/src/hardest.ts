import type { AnyEngine, ArraySpec, Batch } from "@tenon/contracts";
import { dataset, rescale, subset, type InMemoryDataset } from "@tenon/data";
import { zeros } from "@tenon/init";
import { dense, flatten, sequential } from "@tenon/layers";
import { crossEntropy } from "@tenon/losses";
import { adam } from "@tenon/optimizers";
import { pass, type Tensor } from "@tenon/tensor";
import { startOf, trainingStep } from "@tenon/trainer";
import type { Config } from "./config.js";

/** Steps of the linear model, and images in each. */
const [mostSteps, learnedAtOnce] = [150, 100];
/** Images that are scored at a time. */
const scoredAtOnce = 1000;

export interface Hardest {
  readonly train: InMemoryDataset;
  /** How long it took to find them, and before that to compile two small programs. */
  readonly seconds: number;
  readonly compileSeconds: number;
}

/**
 * The training images that a linear model finds hardest. A softmax regression on every second pixel
 * of every second row is trained for a few steps; the margin of an image is the logit of its label
 * less the largest other one, and the images with the smallest margins are kept, in their order. No
 * test image is read.
 *
 * Sorscher et al. (2022), Beyond neural scaling laws: beating power law scaling via data pruning.
 * arXiv:2206.14486
 */
export async function hardest(
  train: InMemoryDataset,
  { hardest: fraction, seed, classes }: Pick<Config, "hardest" | "seed" | "classes">,
  engine: AnyEngine<Tensor>,
): Promise<Hardest> {
  if (fraction === 1) return { train, seconds: 0, compileSeconds: 0 };
  const began = performance.now();
  const { learn, score } = programs(train, classes, seed, engine);
  const compileSeconds = (performance.now() - began) / 1000;
  const small = thinned(train);
  let step = 0;
  for (const { x, y } of small.batches({ batchSize: learn.rows, seed, reuse: true })) {
    if (step === mostSteps || y.shape[0] !== learn.rows) break;
    await learn.program.step({ x, y, step: step++, seed });
  }
  await score.program.load((await learn.program.state()).params);
  const margins = new Float32Array(small.size);
  const scoreFrom = async ({ x, y }: Batch, from: number): Promise<void> => {
    const { logits } = await score.program.step({ x });
    marginsOf(logits.data, y, margins.subarray(from, from + score.rows));
  };
  let from = 0;
  for (const batch of small.batches({ batchSize: score.rows, reuse: true, dropLast: true })) {
    await scoreFrom(batch, from);
    from += score.rows;
  }
  // The last ones are scored with some of those before them, so that a program of one size does.
  const last = small.size - score.rows;
  if (from < small.size)
    await scoreFrom(small.gather(Array.from({ length: score.rows }, (_, i) => last + i)), last);
  const kept = lowest(margins, Math.max(1, Math.round(fraction * small.size)));
  const seconds = (performance.now() - began) / 1000 - compileSeconds;
  return { train: subset(train, kept), seconds, compileSeconds };
}

/** The training step of the linear model, and its logits, each for so many images. */
function programs(
  train: InMemoryDataset,
  classes: number,
  seed: number,
  engine: AnyEngine<Tensor>,
) {
  const model = sequential(flatten(), dense(classes, { kernelInit: zeros() }));
  const optimizer = adam({ learningRate: 0.01 });
  const image = halved(train.x.shape);
  const start = startOf(model, image, optimizer, seed);
  const [learned, scored] = [learnedAtOnce, scoredAtOnce].map((n) => Math.min(n, train.size));
  const images = (count: number): ArraySpec => ({ shape: [count, ...image] });
  const scalar = { shape: [], dtype: "int32" } as const;
  return {
    learn: {
      rows: learned!,
      program: engine.compile(trainingStep(model, { loss: crossEntropy, optimizer }), start, {
        x: images(learned!),
        y: { shape: [learned!], dtype: "int32" },
        step: scalar,
        seed: scalar,
      }),
    },
    score: {
      rows: scored!,
      program: engine.compile(
        (params, { x }) => ({
          state: params,
          outputs: { logits: model.forward(x, pass({ params })) },
        }),
        start.params,
        { x: images(scored!) },
      ),
    },
  };
}

/** The height and width of every second pixel of every second row. */
const halved = ([height, width]: readonly number[]): [number, number] => [
  Math.ceil(height! / 2),
  Math.ceil(width! / 2),
];

/** Every second pixel of every second row of the images. */
function thinned({
  source: { x, y },
  order,
  size,
  units,
  ...whole
}: InMemoryDataset): InMemoryDataset {
  const [height, width] = halved(whole.x.shape);
  const data = x.data;
  const [rowLength, imageLength] = [whole.x.shape[1]!, data.length / x.shape[0]!];
  const pixels = data.slice(0, size * height * width);
  const labels = new Int32Array(size);
  let to = 0;
  for (let k = 0; k < size; k++) {
    const image = order ? order[k]! : k;
    labels[k] = y.data[image]!;
    for (let row = 0; row < height; row++) {
      let from = image * imageLength + 2 * row * rowLength;
      for (const end = to + width; to < end; from += 2) pixels[to++] = data[from]!;
    }
  }
  const half = dataset({
    x: { shape: [size, height, width], dtype: x.dtype, data: pixels },
    y: { shape: [size], dtype: "int32", data: labels },
  });
  return units ? rescale(half, units.scale) : half;
}

/** Writes, for each row of logits, that of its label less the largest other one. */
function marginsOf(logits: ArrayLike<number>, labels: Batch["y"], to: Float32Array): void {
  const classes = logits.length / to.length;
  for (let i = 0; i < to.length; i++) {
    const label = Number(labels.data[i]);
    let other = -Infinity;
    for (let k = 0; k < classes; k++)
      if (k !== label) other = Math.max(other, logits[i * classes + k]!);
    to[i] = logits[i * classes + label]! - other;
  }
}

/** The indices of the `count` lowest values, in their order; of equal ones the first. */
export function lowest(values: Float32Array, count: number): Uint32Array {
  const sorted = Float32Array.from(values).sort();
  const limit = sorted[count - 1]!;
  let ties = 0;
  for (let i = count - 1; i >= 0 && sorted[i] === limit; i--) ties++;
  const indices = new Uint32Array(count);
  let found = 0;
  for (let i = 0; i < values.length; i++)
    if (values[i]! < limit || (values[i] === limit && ties-- > 0)) indices[found++] = i;
  return indices;
}
