import type { Engine, NDArray } from "@tenon/contracts";
import { dataset, rescale, type InMemoryDataset } from "@tenon/data";
import type { Digits } from "@tenon/experiments";
import type { Tensor } from "@tenon/tensor";
import { predictor } from "@tenon/trainer";
import type { Insight, Reading } from "../protocol.js";
import type { ArmRun } from "./armRun.js";
import type { Training } from "./training.js";

/** How many digits of a cell, and of the worst ones, are shown. */
const most = 24;

/** Softmax, in float64. */
export function softmax(logits: ArrayLike<number>): number[] {
  const all = Array.from(logits);
  const largest = Math.max(...all);
  const powers = all.map((x) => Math.exp(x - largest));
  const sum = powers.reduce((a, b) => a + b, 0);
  return powers.map((x) => x / sum);
}

/** Images as an arm's network gets them: its shape, its scaling. */
function encoded({ setup }: ArmRun, images: Uint8Array): NDArray {
  const count = images.length / 784;
  const { x, units } = setup.train as InMemoryDataset;
  const all = dataset(
    {
      x: { shape: [count, 28, 28], dtype: "int32", data: images },
      y: { shape: [count], dtype: "int32", data: new Uint8Array(count) },
    },
    { exampleShape: x.shape },
  );
  const scaled = units ? rescale(all, units.scale) : all;
  return scaled.gather(Array.from({ length: count }, (_, i) => i)).x;
}

/** What a network that has been trained takes an image for. */
export function read(run: ArmRun, pixels: Uint8Array, engine: Engine<Tensor>): number[] {
  const { params, stats } = run.end!;
  const network = predictor(run.setup.model, { params, stats, engine });
  return softmax(network.predict(encoded(run, pixels)).data);
}

export const reading = (
  run: ArmRun,
  pixels: Uint8Array,
  engine: Engine<Tensor>,
  tip: string | undefined,
): Reading => ({
  probabilities: read(run, pixels, engine),
  trained: tip === undefined ? null : { tip, arm: run.arm, steps: run.step },
});

/** How many of the test digits are looked at. */
const count = 2000;

/** How an arm that has been trained reads the test digits. */
export function insightOf(
  { firsts }: Training,
  arm: string,
  digits: Digits,
  engine: Engine<Tensor>,
): Insight {
  const run = firsts().find((run) => run.arm === arm && run.end);
  if (!run) throw new Error(`${arm} has not been trained`);
  const { x, y } = digits.validation(count).source;
  const images = (x.data as Uint8Array).slice(0, 784 * count);
  return insight(run, { images, labels: Array.from(y.data).slice(0, count) }, engine);
}

function insight(
  run: ArmRun,
  { images, labels }: { readonly images: Uint8Array; readonly labels: ArrayLike<number> },
  engine: Engine<Tensor>,
): Insight {
  const { params, stats } = run.end!;
  const network = predictor(run.setup.model, { params, stats, engine });
  const logits = network.predict(encoded(run, images)).data;
  const confusion = Array.from({ length: 10 }, () => new Array<number>(10).fill(0));
  const examples = Array.from({ length: 100 }, (): number[] => []);
  const wrong: { image: number; is: number; taken: number; loss: number }[] = [];
  for (let image = 0; image < labels.length; image++) {
    const all = softmax(logits.slice(10 * image, 10 * image + 10));
    const is = labels[image]!;
    const taken = all.indexOf(Math.max(...all));
    confusion[is]![taken]! += 1;
    const cell = examples[10 * is + taken]!;
    if (cell.length < most) cell.push(image);
    if (taken !== is) wrong.push({ image, is, taken, loss: -Math.log(all[is]!) });
  }
  const worst = wrong.sort((a, b) => b.loss - a.loss).slice(0, most);
  const shown = new Set([...worst.map(({ image }) => image), ...examples.flat()]);
  return {
    ...{ confusion, examples },
    worst: worst.map(({ image, is, taken }) => ({ image, is, taken })),
    images: Object.fromEntries(
      [...shown].map((image) => [image, images.slice(784 * image, 784 * image + 784)]),
    ),
    filters: filtersOf(Object.values(params)),
  };
}

/** The weights of the first layer's units as images: of 28 × 28 pixels, or a convolution's. */
export function filtersOf(params: readonly NDArray[]): readonly NDArray[] {
  const kernel = params.find(
    ({ shape }) =>
      (shape.length === 2 && shape[0] === 784) || (shape.length === 4 && shape[2] === 1),
  );
  if (!kernel) return [];
  const units = kernel.shape.at(-1)!;
  const [height, width] = kernel.shape.length === 2 ? [28, 28] : kernel.shape;
  return Array.from({ length: Math.min(units, 32) }, (_, unit): NDArray => ({
    shape: [height!, width!],
    dtype: "float32",
    data: Float32Array.from({ length: height! * width! }, (_, i) => kernel.data[i * units + unit]!),
  }));
}
