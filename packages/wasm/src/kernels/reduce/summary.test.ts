import fc from "fast-check";
import { expect, test } from "vitest";
import { kernelRun } from "../../testing/runKernel.js";
import type { Kernel } from "../kernel.js";
import { summary } from "./summary.js";

const summaryOf = (parts: number, rows: number, columns: number): Kernel =>
  summary({
    shape: [parts, rows, columns],
    inputs: [{ strides: [rows * columns, columns, 1], offset: 0 }],
    body: [{ op: "load", input: 0, dtype: "float32" }],
    outputs: [0],
  });

/** The summaries that a kernel stores, which is called for its work items in two parts. */
function computed(shape: readonly [number, number, number], data: Float32Array): Float32Array {
  const [parts, , columns] = shape;
  const kernel = summaryOf(...shape);
  const { run, arrays, check } = kernelRun(kernel, [new Float32Array(4 * parts * columns), data]);
  const middle = Math.floor(kernel.workItems / 2);
  run([
    [middle, kernel.workItems],
    [0, middle],
  ]);
  check();
  return arrays[0] as Float32Array;
}

/** Mean, standard deviation, zeros and elements that are not finite, in float64. */
function truth([parts, rows, columns]: readonly number[], data: Float32Array): number[][] {
  return Array.from({ length: parts! * columns! }, (_, i) => {
    const start = Math.floor(i / columns!) * rows! * columns! + (i % columns!);
    const column = Array.from({ length: rows! }, (_, row) => data[start + row * columns!]!);
    const mean = column.reduce((sum, x) => sum + x, 0) / rows!;
    const variance = column.reduce((sum, x) => sum + (x - mean) ** 2, 0) / rows!;
    return [
      mean,
      Math.sqrt(variance),
      column.filter((x) => x === 0).length,
      column.filter((x) => !Number.isFinite(x)).length,
    ];
  });
}

/** Expects means and standard deviations to be right relative to the larger of both. */
function expectSummaries(shape: readonly [number, number, number], data: Float32Array): void {
  const got = computed(shape, data);
  const wanted = truth(shape, data);
  wanted.forEach(([mean, std, zeros, nonFinite], i) => {
    const [m, s, z, f] = [0, 1, 2, 3].map((row) => got[row * wanted.length + i]!);
    expect([z, f], `column ${i}`).toEqual([zeros, nonFinite]);
    if (nonFinite! > 0) return expect([m! - m!, s! - s!]).toEqual([NaN, NaN]);
    // Of the smallest float32, the distance to the next.
    const size = Math.max(Math.abs(mean!), std!) + 2 ** -149 / 3e-6;
    expect(Math.abs(m! - mean!) / size, `mean ${mean}, got ${m}`).toBeLessThan(3e-6);
    expect(Math.abs(s! - std!) / size, `std ${std}, got ${s}`).toBeLessThan(3e-6);
    if (std! > 1e-6 * Math.abs(mean!) && std! > 1e-38)
      expect(Math.abs(s! / std! - 1), `std ${std}, got ${s}`).toBeLessThan(1e-5);
  });
}

/** Kinds of columns, by the index of a row. */
const kinds: readonly ((row: number) => number)[] = [
  (row) => Math.sin(row * row),
  (row) => 1e25 * Math.sin(row * row),
  (row) => 1e-25 * Math.sin(row * row),
  (row) => 3e38 * Math.sign(Math.sin(row * row)),
  (row) => 1e-41 * Math.sin(row * row),
  (row) => 1e4 + Math.sin(row * row),
  (row) => -3e38 + 1e33 * Math.sin(row * row),
  (row) => 5.5 + Math.SQRT2 * Math.sin(row * row),
  () => 0,
  () => 0.1,
  (row) => (row % 3 === 0 ? 0 : 1e-30),
  (row) => (row === 0 ? 1e6 : Math.sin(row * row)),
  (row) => (row < 7 ? 1e-10 : 1e12) * Math.sin(row * row),
  (row) => (row === 5 ? NaN : 1),
  (row) => (row % 4 === 1 ? -Infinity : 1e-30 * row),
  (row) => (row === 2 ? Infinity : 0),
];

test.each([
  [1, 37, 16],
  [3, 300, 16],
  [2, 1352, 32],
  [1, 5, 1],
  [2, 70, 7],
  [1, 70_001, 2],
  [2, 1, 19],
] as const)("of %i × %i × %i: columns of any size, offset and spread", (...shape) => {
  const [parts, rows, columns] = shape;
  for (let shift = 0; shift < kinds.length; shift += columns) {
    const data = Float32Array.from({ length: parts * rows * columns }, (_, i) =>
      kinds[((i % columns) + shift) % kinds.length]!(Math.floor(i / columns) % rows),
    );
    expectSummaries(shape, data);
  }
});

test("of columns with a mean and a spread of any size", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 600 }),
      fc.integer({ min: 1, max: 21 }),
      fc.integer({ min: -37, max: 36 }),
      fc.double({ min: -100, max: 100, noNaN: true }),
      (rows, columns, exponent, offset) => {
        const data = Float32Array.from(
          { length: rows * columns },
          (_, i) => (offset + Math.sin(i * i)) * 10 ** exponent,
        );
        expectSummaries([1, rows, columns], data);
      },
    ),
    { numRuns: 60 },
  );
});
