import { datasetSuite, refusal } from "@tenon/testkit";
import fc from "fast-check";
import { expect, test } from "vitest";
import {
  classWeights,
  dataset,
  kFold,
  sampled,
  split,
  take,
  type InMemoryDataset,
} from "./index.js";
import { digest } from "./testing/digest.js";

const labelled = (labels: readonly number[]): InMemoryDataset =>
  dataset({
    x: { shape: [labels.length], dtype: "float32", data: Float32Array.from(labels.keys()) },
    y: { shape: [labels.length], dtype: "int32", data: Int32Array.from(labels) },
  });
const labelsOf = (data: InMemoryDataset): number[] => [
  ...data.gather(Array.from({ length: data.size }, (_, i) => i)).y.data,
];
const countOf = (labels: readonly number[], label: number): number =>
  labels.filter((other) => other === label).length;
// 60 of class 0, 30 of 1, 10 of 2, mixed.
const all = labelled(Array.from({ length: 100 }, (_, i) => (i % 10 < 6 ? 0 : i % 10 < 9 ? 1 : 2)));

datasetSuite("a fold", kFold(all, { folds: 4, seed: 2, stratify: true })[3]!.train);

test("class weights are scikit-learn's balanced ones", () => {
  // compute_class_weight("balanced", classes=[0, 1, 2], y) of scikit-learn: n / (k · bincount(y))
  expect(classWeights(all)).toEqual([100 / 180, 100 / 90, 100 / 30]);
  expect(classWeights(take(all, 6), { classes: 3 })).toEqual([1, 0, 0]);
});

test("a stratified split has each class in its proportion", () => {
  for (const seed of [undefined, 1, 2]) {
    const { train, validation } = split(all, {
      validation: 0.2,
      stratify: true,
      ...(seed !== undefined && { seed }),
    });
    expect([0, 1, 2].map((label) => countOf(labelsOf(validation), label))).toEqual([12, 6, 2]);
    expect(
      [
        ...train.gather([...Array(80).keys()]).x.data,
        ...validation.gather([...Array(20).keys()]).x.data,
      ].sort((a, b) => a - b),
    ).toEqual([...Array(100).keys()]);
  }
});

test("stratified counts are close to the exact proportion", () => {
  fc.assert(
    fc.property(
      fc.array(fc.nat(3), { minLength: 8, maxLength: 60 }),
      fc.integer({ min: 1, max: 7 }),
      fc.nat(99),
      (labels, count, seed) => {
        const held = labelsOf(
          split(labelled(labels), { validation: count, seed, stratify: true }).validation,
        );
        for (const label of labels)
          expect(
            Math.abs(countOf(held, label) - (countOf(labels, label) * count) / labels.length),
          ).toBeLessThan(1.5);
      },
    ),
  );
});

test("each example is in one validation part, and in all other training parts", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 2, max: 9 }),
      fc.boolean(),
      fc.option(fc.nat(9), { nil: undefined }),
      (folds, stratify, seed) => {
        const parts = kFold(all, { folds, stratify, ...(seed !== undefined && { seed }) });
        const held = parts.flatMap(({ validation }) => [
          ...validation.gather([...Array(validation.size).keys()]).x.data,
        ]);
        expect(held.sort((a, b) => a - b)).toEqual([...Array(100).keys()]);
        for (const { train, validation } of parts) {
          expect(train.size + validation.size).toBe(100);
          expect(Math.abs(validation.size - 100 / folds)).toBeLessThan(1);
          const own = new Set(validation.gather([...Array(validation.size).keys()]).x.data);
          expect(
            [...train.gather([...Array(train.size).keys()]).x.data].some((x) => own.has(x)),
          ).toBe(false);
        }
      },
    ),
  );
  expect(
    kFold(all, { stratify: true }).map(({ validation }) => countOf(labelsOf(validation), 2)),
  ).toEqual([2, 2, 2, 2, 2]);
});

test("a balanced sample draws classes equally often, anew in each epoch", () => {
  const data = sampled(all, { size: 3000 });
  const epochOf = (options: object): number[][] =>
    [
      ...(data.batches({ batchSize: 3000, ...options }) as Iterable<{
        x: { data: ArrayLike<number> };
        y: { data: ArrayLike<number> };
      }>),
    ].map(({ x, y }) => [...Array.from(x.data), ...Array.from(y.data)]);
  const [drawn] = epochOf({ seed: 1 });
  const labels = drawn!.slice(3000);
  // Each of three classes 1000 times on average, with a standard deviation of √(3000 · 2/9) = 26.
  for (const label of [0, 1, 2])
    expect(Math.abs(countOf(labels, label) - 1000)).toBeLessThan(4 * 26);
  expect(epochOf({ seed: 1 })).toEqual([drawn]);
  expect(epochOf({ seed: 1, epoch: 1 })).not.toEqual([drawn]);
  expect(epochOf({ seed: 2 })).not.toEqual([drawn]);
  expect(epochOf({ seed: 1, from: 1 })).toEqual([]);
});

test("a resumed sample goes on where it was; weights say what is drawn", () => {
  const weights = Array.from({ length: 100 }, (_, i) => (i === 7 || i === 93 ? 1 : 0));
  const data = sampled(all, { weights, size: 12 });
  const values = (from: number): number[] =>
    [
      ...(data.batches({ batchSize: 5, seed: 3, from }) as Iterable<{
        x: { data: ArrayLike<number> };
      }>),
    ].flatMap(({ x }) => Array.from(x.data));
  expect(values(1)).toEqual(values(0).slice(5));
  expect(new Set(values(0))).toEqual(new Set([7, 93]));
});

test("a sample is another one where weights or size differ", async () => {
  const some = [
    sampled(all),
    sampled(all, { size: 5 }),
    sampled(all, { weights: Array(100).fill(1) as number[] }),
  ];
  expect(new Set(await Promise.all(some.map((data) => data.identity!(digest)))).size).toBe(3);
});

test("what cannot be is said", () => {
  const values = dataset({
    x: all.source.x,
    y: {
      shape: [100],
      dtype: "float32",
      data: Float32Array.from({ length: 100 }, (_, i) => i / 2),
    },
  });
  const rows = dataset({
    x: all.source.x,
    y: { shape: [100, 2], dtype: "int32", data: new Int32Array(200) },
  });
  const cases: readonly (readonly [() => unknown, string])[] = [
    [
      () => classWeights(values),
      "classWeights: expected labels, whole numbers ≥ 0, as targets, got 0.5 at 1",
    ],
    [
      () => classWeights(rows),
      "classWeights: expected labels, one for each example, as targets, got shape [2] of one target",
    ],
    [() => classWeights(all, { classes: 2 }), "classWeights: expected labels below 2, got 2 at 9"],
    [
      () => split(values, { validation: 3, stratify: true }),
      "split: expected labels, whole numbers ≥ 0",
    ],
    [() => kFold(all, { folds: 1 }), "kFold: expected a whole number of folds in [2, 100], got 1"],
    [() => kFold(values, { stratify: true }), "kFold: expected labels"],
    [() => sampled(values), "classWeights: expected labels"],
    [
      () => sampled(all, { weights: [1] }),
      "sampled: expected 100 weights, one for each example, got 1",
    ],
    [
      () => sampled(all, { weights: Array(100).fill(0) as number[] }),
      "sampled: expected weights with a finite sum above 0, got 0",
    ],
    [
      () => sampled(all, { weights: Array.from({ length: 100 }, (_, i) => -i) }),
      "sampled: expected weights to be finite and ≥ 0, got -1 at 1",
    ],
  ];
  for (const [call, message] of cases) expect(call).toThrow(refusal(message));
});
