import * as data from "@tenon/data";
import * as formats from "@tenon/formats";
import { dense, sequential } from "@tenon/layers";
import * as metrics from "@tenon/metrics";
import { averageWeights } from "@tenon/regularizers";
import { minimize, onArrays, sgd } from "@tenon/optimizers";
import { tensor } from "@tenon/tensor";
import { refusal } from "@tenon/testkit";
import { expect, test } from "vitest";

// What takes lists or arrays of numbers refuses those that hold something else, in its own name:
// JavaScript would make NaN or another number of it.

/** Lists of a length that hold no numbers. */
const lists: Readonly<Record<string, (length: number) => unknown>> = {
  text: (length) => Array.from({ length }, () => "x"),
  "numbers as text": (length) => Array.from({ length }, () => "1"),
  holes: (length) => new Array(length),
  null: (length) => new Array(length).fill(null),
  booleans: (length) => new Array(length).fill(true),
  "lists of one": (length) => Array.from({ length }, () => [1]),
  bigints: (length) => new BigInt64Array(length),
  "bigints in a list": (length) => new Array(length).fill(1n),
  "no list": (length) => ({ length }),
};

const floats = (length: number, values: unknown = new Float32Array(length)) =>
  ({ shape: [length], dtype: "float32", data: values }) as never;
const labels = { shape: [4], dtype: "int32" as const, data: Int32Array.of(0, 1, 0, 1) };
const examples = { shape: [4, 2], dtype: "float32" as const, data: new Float32Array(8) };
const own = data.dataset({ x: examples, y: labels });
const square = sequential(dense(2, { useBias: false }));
const kernel = (values: unknown) => ({ shape: [2, 2], dtype: "float32", data: values }) as never;
const { accuracy, mean, meanSquaredError: squares } = metrics;
const state = { shape: [2], dtype: "int32" as const, data: Int32Array.of(0, 1) };
const sum = { loss: 0, gradients: { w: new Float32Array(4) } };

/** Functions of a list or an array of so many numbers. */
const calls: readonly (readonly [string, number, (values: never) => unknown])[] = [
  ["fromVector", 4, (values) => formats.fromVector(values, { w: floats(4) })],
  ["toVector", 4, (values) => formats.toVector({ w: floats(4, values) })],
  ["writeNpy", 4, (values) => formats.writeNpy(floats(4, values))],
  [
    "fromTorch",
    4,
    (values) =>
      formats.fromTorch(square, [2], { "a.weight": kernel(values) }, { names: { dense1: "a" } }),
  ],
  [
    "toTorch",
    4,
    (values) =>
      formats.toTorch(
        square,
        [2],
        { params: { "dense1/kernel": kernel(values) }, stats: {} },
        { names: { dense1: "a" } },
      ),
  ],
  ["dataset", 4, (values) => data.dataset({ x: floats(4, values), y: labels })],
  ["dataset", 4, (values) => data.dataset({ x: examples, y: floats(4, values) })],
  ["weigh", 2, (classes) => data.weigh(own, { classes })],
  ["weigh", 4, (each) => data.weigh(own, { examples: each })],
  ["spectrogram", 40, (signal) => data.spectrogram(signal, { size: 16 })],
  ["melSpectrogram", 40, (signal) => data.melSpectrogram(signal, { size: 16, bands: 4 })],
  ["padded", 3, (sequence) => data.padded([sequence, [1]])],
  ["bucketed", 3, (sequence) => data.bucketed({ x: [sequence, [1]], y: state })],
  ["windows", 5, (values) => data.windows(floats(5, values), { length: 2 })],
  ["oneHot", 4, (values) => data.oneHot(floats(4, values), 2)],
  ["scaled", 4, (values) => data.scaled(floats(4, values), data.toUnit())],
  ["unscaled", 4, (values) => data.unscaled(floats(4, values), data.toUnit())],
  ["rescale", 2, (center) => data.rescale(own, { center, scale: 1 })],
  ["rescale", 2, (scale) => data.rescale(own, { center: 0, scale })],
  ["subset", 2, (indices) => data.subset(own, indices)],
  ["gather", 2, (indices) => own.gather(indices)],
  ["accuracy", 4, (values) => accuracy.update(accuracy.start, kernel(values), state)],
  ["meanSquaredError", 4, (p) => squares.update(squares.start, floats(4, p), floats(4))],
  ["meanSquaredError", 4, (t) => squares.update(squares.start, floats(4), floats(4, t))],
  ["mean", 4, (w) => mean.update(mean.start, floats(4), undefined, floats(4, w))],
  ["averageWeights", 4, (values) => averageWeights([{ w: floats(4, values) }])],
  ["onArrays", 4, (w) => onArrays(sgd(), { w })],
  ["minimize", 4, (w) => minimize(() => sum, { w })],
  ["tensor", 4, (values) => tensor(values, [4])],
];

test.each(calls)("%s of %i", (name, length, call) => {
  expect(() => call(new Float32Array(length).fill(1) as never)).not.toThrow();
  for (const [what, make] of Object.entries(lists))
    expect(() => call(make(length) as never), what).toThrow(
      refusal(new RegExp(`^${name}(: [xy])?: expected [^]*, got `)),
    );
});
