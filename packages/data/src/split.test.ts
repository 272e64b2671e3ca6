import fc from "fast-check";
import { expect, test } from "vitest";
import { dataset, split, subset, type InMemoryDataset } from "./index.js";

function counted(n: number): InMemoryDataset {
  return dataset({
    x: { shape: [n, 1], dtype: "int32", data: Int32Array.from({ length: n }, (_, i) => i) },
    y: { shape: [n], dtype: "int32", data: new Int32Array(n) },
  });
}

const held = (data: InMemoryDataset): number[] =>
  [...data.batches({ batchSize: 7 })].flatMap(({ x }) => [...x.data]);

test("each example is on one side, in the order of the source", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 2, max: 300 }),
      fc.nat(),
      fc.option(fc.integer(), { nil: undefined }),
      (size, n, seed) => {
        const validation = 1 + (n % (size - 1));
        const parts = split(counted(size), { validation, ...(seed !== undefined && { seed }) });
        const [train, out] = [held(parts.train), held(parts.validation)];
        expect(out.length).toBe(validation);
        expect([...train, ...out].sort((a, b) => a - b)).toEqual(
          Array.from({ length: size }, (_, i) => i),
        );
        for (const side of [train, out]) expect(side).toEqual([...side].sort((a, b) => a - b));
      },
    ),
  );
});

test("a fraction is rounded to a count, and without a seed the last are held out", () => {
  const { train, validation } = split(counted(10), { validation: 0.26 });
  expect([held(train), held(validation)]).toEqual([
    [0, 1, 2, 3, 4, 5, 6],
    [7, 8, 9],
  ]);
});

test("the seed decides", () => {
  const out = (seed: number): number[] =>
    held(split(counted(1000), { validation: 0.1, seed }).validation);
  expect(out(1)).toEqual(out(1));
  expect(out(1)).not.toEqual(out(2));
  // A tenth of all indices is below 100: 100 draws hold 10 ± 3.
  expect(Math.abs(out(1).filter((i) => i < 100).length - 10)).toBeLessThan(10);
});

test("a part may be split again", () => {
  const odd = subset(counted(10), [9, 7, 5, 3, 1]);
  expect(held(split(odd, { validation: 2 }).validation)).toEqual([3, 1]);
});

test.each([
  [0, "split: expected a whole count for validation 0 of 10 examples in [1, 9], got 0"],
  [10, "of 10 examples in [1, 9], got 10"],
  [0.01, "split: expected a whole count for validation 0.01 of 10 examples in [1, 9], got 0"],
  [1.5, "split: expected validation to be a fraction in (0, 1) or a count, got 1.5"],
  [-1, "split: expected validation to be a fraction in (0, 1) or a count, got -1"],
  [NaN, "split: expected validation to be a fraction in (0, 1) or a count, got NaN"],
])("refuses %s", (validation, message) => {
  expect(() => split(counted(10), { validation })).toThrow(message);
});

test("one example cannot be split, and that is said", () => {
  const single = dataset({
    x: { shape: [1, 1], dtype: "float32", data: Float32Array.of(1) },
    y: { shape: [1], dtype: "int32", data: Int32Array.of(0) },
  });
  expect(() => split(single, { validation: 0.5 })).toThrow(
    "split: expected at least 2 examples, one for each side, got 1",
  );
});
