import type { Batch, NDArray } from "@tenon/contracts";
import { refusal } from "@tenon/testkit";
import { expect, test } from "vitest";
import { bucketed, padded, windows } from "./index.js";

const labels = (n: number): NDArray => ({
  shape: [n],
  dtype: "int32",
  data: Int32Array.from({ length: n }, (_, i) => i),
});

test("padded is Keras' pad_sequences", () => {
  const sequences = [[1], [2, 3], [4, 5, 6]];
  // The examples of https://keras.io/api/data_loading/timeseries/ (pad_sequences), which pads and
  // cuts at the start.
  const keras = { padding: "start", truncating: "start" } as const;
  const rows = (options: object): number[] => [...padded(sequences, options).data];
  expect(rows(keras)).toEqual([0, 0, 1, 0, 2, 3, 4, 5, 6]);
  expect(rows({ ...keras, value: -1 })).toEqual([-1, -1, 1, -1, 2, 3, 4, 5, 6]);
  expect(rows({ ...keras, padding: "end" })).toEqual([1, 0, 0, 2, 3, 0, 4, 5, 6]);
  expect(rows({ ...keras, length: 2 })).toEqual([0, 1, 2, 3, 5, 6]);
  expect(rows({ length: 2 })).toEqual([1, 0, 2, 3, 4, 5]);
  expect(padded(sequences)).toMatchObject({ shape: [3, 3], dtype: "int32" });
  expect(padded([[1.5], [2, 3]])).toEqual({
    shape: [2, 2],
    dtype: "float32",
    data: Float32Array.of(1.5, 0, 2, 3),
  });
});

test("padded takes arrays that have several values at each time", () => {
  const two = { shape: [1, 2], dtype: "float32", data: Float32Array.of(1, 2) } as const;
  const four = { shape: [2, 2], dtype: "float32", data: Float32Array.of(3, 4, 5, 6) } as const;
  expect(padded([two, four], { value: 9 })).toEqual({
    shape: [2, 2, 2],
    dtype: "float32",
    data: Float32Array.of(1, 2, 9, 9, 3, 4, 5, 6),
  });
});

// 37 sequences of 1 to 30 values, all of them their number.
const sequences = Array.from({ length: 37 }, (_, i) =>
  Array<number>(1 + ((i * 11) % 30)).fill(i + 1),
);
const data = bucketed({ x: sequences, y: labels(37) }, { lengths: [5, 10, 20, 30] });
const batchesOf = (options: object): Batch[] => [
  ...(data.batches({ batchSize: 4, ...options }) as Iterable<Batch>),
];

test("batches have few lengths, hold every sequence once, whole, and little else", () => {
  for (const options of [{}, { seed: 1 }, { seed: 1, epoch: 1 }]) {
    const batches = batchesOf(options);
    expect(batches.map(({ x }) => x.shape[0])).toEqual([...Array<number>(9).fill(4), 1]);
    const seen: number[] = [];
    let filled = 0;
    for (const { x, y } of batches) {
      const [n, length] = x.shape as [number, number];
      expect([5, 10, 20, 30]).toContain(length);
      filled += n * length;
      y.data.forEach((label, i) => {
        const row = x.data.subarray(i * length, (i + 1) * length);
        expect([...row].filter((value) => value !== 0)).toEqual(sequences[label]);
        expect(row.indexOf(0) === -1 || row.indexOf(0) === sequences[label]!.length).toBe(true);
        seen.push(label);
      });
    }
    expect(seen.sort((a, b) => a - b)).toEqual([...Array(37).keys()]);
    expect(filled).toBeLessThan(37 * 30 * 0.75); // what padding all to the longest would take
  }
});

test("the order is drawn from the seed and the epoch, and a resumed run goes on in it", () => {
  const order = (options: object): number[] => batchesOf(options).flatMap(({ y }) => [...y.data]);
  expect(order({ seed: 1 })).toEqual(order({ seed: 1 }));
  expect(order({ seed: 1 })).not.toEqual(order({ seed: 2 }));
  expect(order({ seed: 1 })).not.toEqual(order({ seed: 1, epoch: 1 }));
  expect(order({ seed: 1, from: 4 })).toEqual(order({ seed: 1 }).slice(16));
  expect(order({ seed: 1, dropLast: true })).toEqual(order({ seed: 1 }).slice(0, 36));
});

test("powers of two are the usual lengths", () => {
  const lengths = [
    ...(bucketed({ x: sequences, y: labels(37) }).batches({ batchSize: 1 }) as Iterable<Batch>),
  ].map(({ x }) => x.shape[1]);
  expect([...new Set(lengths)]).toEqual([8, 16, 30]);
});

test("windows is Keras' timeseries_dataset_from_array", () => {
  // Its documentation: of 0 … 99, sequence_length 10, sequence_stride 3, sampling_rate 2.
  const series: NDArray = {
    shape: [100],
    dtype: "int32",
    data: Int32Array.from({ length: 100 }, (_, i) => i),
  };
  const some = windows(series, { length: 10, stride: 3, every: 2, ahead: 0 });
  expect(some.size).toBe(28);
  expect([...some.gather([0, 27]).x.data]).toEqual([
    ...[0, 2, 4, 6, 8, 10, 12, 14, 16, 18],
    ...[81, 83, 85, 87, 89, 91, 93, 95, 97, 99],
  ]);
  const next = windows(series, { length: 3 });
  expect(next.size).toBe(97);
  expect(next.gather([96])).toMatchObject({
    x: { data: Int32Array.of(96, 97, 98) },
    y: { data: Int32Array.of(99) },
  });
  const targets: NDArray = {
    shape: [100, 2],
    dtype: "float32",
    data: Float32Array.from({ length: 200 }, (_, i) => i / 2),
  };
  expect(windows(series, { length: 4, ahead: 5, targets }).gather([1]).y).toEqual({
    shape: [1, 2],
    dtype: "float32",
    data: Float32Array.of(9, 9.5),
  });
});

test("what cannot be is said", () => {
  const series = labels(5);
  const cases: readonly (readonly [() => unknown, string])[] = [
    [() => padded([]), "padded: expected a list of at least one sequence, got []"],
    [() => padded([[1, NaN]]), "padded: expected sequence 0 to hold finite numbers, got NaN at 1"],
    [
      () => padded([[1], { shape: [1, 2], dtype: "float32", data: Float32Array.of(1, 2) }]),
      "padded: expected sequences of shape [time], got [1, 2] at 1",
    ],
    [() => padded([[1]], { length: 0 }), "padded: expected a whole length ≥ 1, got 0"],
    [
      () => bucketed({ x: [[1], [2]], y: labels(1) }),
      "dataset: expected as many targets as examples, got 2 examples and 1 targets",
    ],
    [
      () => bucketed({ x: [[1, 2, 3]], y: labels(1) }, { lengths: [2] }),
      "bucketed: expected a last length ≥ 3, the longest sequence's, got [2]",
    ],
    [
      () => bucketed({ x: [[1]], y: labels(1) }, { lengths: [3, 2] }),
      "bucketed: expected a whole length 1 ≥ 4, got 2",
    ],
    [
      () => windows(series, { length: 5 }),
      "windows: expected a series of at least 6 values, got 5",
    ],
    [
      () => windows(series, { length: 2, targets: labels(3) }),
      "windows: expected 5 targets, as long as the series, got 3",
    ],
  ];
  for (const [call, message] of cases) expect(call).toThrow(refusal(message));
});
