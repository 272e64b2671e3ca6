import type { GatherSpec } from "@tenon/plan";
import fc from "fast-check";
import { expect, test } from "vitest";
import { gather } from "./gather.js";
import { scatterAdd } from "./scatterAdd.js";
import { scatterAlong } from "./scatterAlong.js";
import { scatterFew } from "./scatterFew.js";
import { takeAlong } from "./takeAlong.js";
import { outputOfStages, outputsOf } from "../../testing/run.js";
import { kernelRun } from "../../testing/runKernel.js";

const use = { by: "test" };
const sizes: fc.Arbitrary<GatherSpec> = fc.record({
  outer: fc.constantFrom(0, 1, 2, 5),
  n: fc.constantFrom(1, 2, 9),
  m: fc.constantFrom(0, 1, 3, 16),
  inner: fc.constantFrom(0, 1, 3, 4, 6, 64, 70, 131),
  use: fc.constant(use),
});
/** Integers, whose sums are exact in any order. */
const whole = (length: number): Float32Array =>
  Float32Array.from({ length }, (_, i) => ((i * 7919) % 201) - 100);
const drawn = (length: number, n: number, seed: number): Int32Array =>
  Int32Array.from({ length }, (_, i) => Math.abs(Math.imul(i + 1, seed | 1) >> 8) % n);

test("rows by index and sums of rows by index, in any work items", () => {
  fc.assert(
    fc.property(sizes, fc.integer(), (spec, seed) => {
      const { outer, n, m, inner } = spec;
      const indices = drawn(m, n, seed);
      const x = whole(outer * n * inner);
      const y = whole(outer * m * inner);
      const taken = new Float32Array(y.length);
      const sums = new Float32Array(x.length);
      for (let o = 0; o < outer; o++)
        for (let j = 0; j < m; j++)
          for (let i = 0; i < inner; i++) {
            const from = (o * m + j) * inner + i;
            const to = (o * n + indices[j]!) * inner + i;
            taken[from] = x[to]!;
            sums[to]! += y[from]!;
          }
      expect(outputsOf(gather(spec), [taken.length], [x, indices])[0]).toEqual(taken);
      expect(outputOfStages(scatterAdd(spec), sums.length, [y, indices])).toEqual(sums);
    }),
    { numRuns: 200 },
  );
});

test("single elements by index and their sums, in any work items", () => {
  fc.assert(
    fc.property(sizes, fc.integer(), (spec, seed) => {
      const { outer, n, m, inner } = spec;
      const x = whole(outer * n * inner);
      const y = whole(outer * m * inner);
      const indices = drawn(y.length, n, seed);
      const taken = new Float32Array(y.length);
      const sums = new Float32Array(x.length);
      for (let from = 0; from < y.length; from++) {
        const to = (Math.floor(from / (m * inner)) * n + indices[from]!) * inner + (from % inner);
        taken[from] = x[to]!;
        sums[to]! += y[from]!;
      }
      expect(outputsOf(takeAlong(spec), [taken.length], [x, indices])[0]).toEqual(taken);
      expect(outputsOf(scatterFew(spec), [sums.length], [y, indices])[0]).toEqual(sums);
      expect(outputOfStages(scatterAlong(spec), sums.length, [y, indices])).toEqual(sums);
    }),
    { numRuns: 200 },
  );
});

/** The definition, in float64, rounded once. */
function sumsAlong(
  { outer, n, m, inner }: GatherSpec,
  y: Float32Array,
  indexOf: (o: number, j: number, i: number) => number,
): Float32Array {
  const sums = new Float64Array(outer * n * inner);
  for (let o = 0; o < outer; o++)
    for (let j = 0; j < m; j++)
      for (let i = 0; i < inner; i++)
        sums[(o * n + indexOf(o, j, i)) * inner + i]! += y[(o * m + j) * inner + i]!;
  return Float32Array.from(sums);
}

test("sums are those of float64, rounded once, to the bit", () => {
  const spec = { outer: 1, n: 2, m: 3, inner: 5, use };
  const y = Float32Array.from([1, 1e8, -1e8].flatMap((x) => new Array<number>(5).fill(x)));
  expect([...outputOfStages(scatterAdd(spec), 10, [y, Int32Array.of(1, 1, 1)])]).toEqual([
    0, 0, 0, 0, 0, 1, 1, 1, 1, 1,
  ]);
  expect([...outputOfStages(scatterAlong(spec), 10, [y, new Int32Array(15)])]).toEqual([
    1, 1, 1, 1, 1, 0, 0, 0, 0, 0,
  ]);
  const values = fc.float({
    noNaN: true,
    noDefaultInfinity: true,
    min: -9.999999680285692e37,
    max: 9.999999680285692e37,
  });
  fc.assert(
    fc.property(
      fc.record({
        outer: fc.constantFrom(1, 3),
        n: fc.constantFrom(1, 2, 7),
        m: fc.constantFrom(1, 2, 40),
        inner: fc.constantFrom(1, 3, 8, 13),
        use: fc.constant(use),
      }),
      fc.integer(),
      fc.array(values, { minLength: 1, maxLength: 50 }),
      (spec, seed, given) => {
        const { outer, n, m, inner } = spec;
        const y = Float32Array.from(
          { length: outer * m * inner },
          (_, i) => given[(i * 7) % given.length]!,
        );
        const rows = drawn(m, n, seed);
        const each = drawn(y.length, n, seed);
        expect(outputOfStages(scatterAdd(spec), outer * n * inner, [y, rows])).toEqual(
          sumsAlong(spec, y, (_, j) => rows[j]!),
        );
        expect(outputOfStages(scatterAlong(spec), outer * n * inner, [y, each])).toEqual(
          sumsAlong(spec, y, (o, j, i) => each[(o * m + j) * inner + i]!),
        );
      },
    ),
    { numRuns: 100 },
  );
});

test("infinities and NaN arrive where they are sent, and nowhere else", () => {
  const spec = { outer: 1, n: 3, m: 5, inner: 1, use };
  const y = Float32Array.of(1, Infinity, 2, NaN, Infinity);
  const rows = Int32Array.of(0, 1, 1, 2, 1);
  for (const stages of [scatterAdd(spec), scatterAlong(spec)])
    expect([...outputOfStages(stages, 3, [y, rows])]).toEqual([1, Infinity, NaN]);
});

test.each([-1, 4, 2147483647, -2147483648])("the index %i of four ends the program", (index) => {
  const spec = { outer: 1, n: 4, m: 1, inner: 2, use };
  const few = { temporaries: [], stages: [{ operands: [0, 1, 2], kernel: scatterFew(spec) }] };
  for (const stages of [scatterAdd(spec), scatterAlong(spec), few]) {
    const wrong = (): unknown =>
      outputOfStages(stages, 8, [new Float32Array(2), Int32Array.of(index, index)]);
    expect(wrong).toThrow(WebAssembly.RuntimeError);
  }
  for (const kernel of [gather(spec), takeAlong(spec)]) {
    const { run } = kernelRun(kernel, [
      new Float32Array(2),
      new Float32Array(8),
      Int32Array.of(index, index),
    ]);
    expect(run).toThrow(WebAssembly.RuntimeError);
  }
});
