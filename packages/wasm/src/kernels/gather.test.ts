import fc from "fast-check";
import { expect, test } from "vitest";
import { gather, scatterAdd, scatterAlong, takeAlong, type GatherSpec } from "./gather.js";
import { outputsOf } from "./internal/run.js";
import { kernelRun } from "./runKernel.js";

const sizes: fc.Arbitrary<GatherSpec> = fc.record({ outer: fc.constantFrom(0, 1, 2, 5), n: fc.constantFrom(1, 2, 9), m: fc.constantFrom(0, 1, 3, 16), inner: fc.constantFrom(0, 1, 3, 4, 6, 64, 70, 131) });
/** Whole numbers, whose sums are exact in any order. */
const whole = (length: number): Float32Array => Float32Array.from({ length }, (_, i) => ((i * 7919) % 201) - 100);
const drawn = (length: number, n: number, seed: number): Int32Array => Int32Array.from({ length }, (_, i) => Math.abs(Math.imul(i + 1, seed | 1) >> 8) % n);

test("rows by index and sums of rows by index, in any pieces", () => {
  fc.assert(fc.property(sizes, fc.integer(), (spec, seed) => {
    const { outer, n, m, inner } = spec;
    const indices = drawn(m, n, seed), x = whole(outer * n * inner), y = whole(outer * m * inner);
    const taken = new Float32Array(y.length), sums = new Float32Array(x.length);
    for (let o = 0; o < outer; o++) for (let j = 0; j < m; j++) for (let i = 0; i < inner; i++) {
      const at = (o * m + j) * inner + i, to = (o * n + indices[j]!) * inner + i;
      taken[at] = x[to]!;
      sums[to]! += y[at]!;
    }
    expect(outputsOf(gather(spec), [taken.length], [x, indices])[0]).toEqual(taken);
    expect(outputsOf(scatterAdd(spec), [sums.length], [y, indices])[0]).toEqual(sums);
  }), { numRuns: 200 });
});

test("single numbers by index and their sums, in any pieces", () => {
  fc.assert(fc.property(sizes, fc.integer(), (spec, seed) => {
    const { outer, n, m, inner } = spec;
    const x = whole(outer * n * inner), y = whole(outer * m * inner), indices = drawn(y.length, n, seed);
    const taken = new Float32Array(y.length), sums = new Float32Array(x.length);
    for (let at = 0; at < y.length; at++) {
      const to = (Math.floor(at / (m * inner)) * n + indices[at]!) * inner + (at % inner);
      taken[at] = x[to]!;
      sums[to]! += y[at]!;
    }
    expect(outputsOf(takeAlong(spec), [taken.length], [x, indices])[0]).toEqual(taken);
    expect(outputsOf(scatterAlong(spec), [sums.length], [y, indices])[0]).toEqual(sums);
  }), { numRuns: 200 });
});

test("sums are taken in the order of the indices", () => {
  const spec = { outer: 1, n: 2, m: 3, inner: 5 };
  const y = Float32Array.from([1, 1e8, -1e8].flatMap((x) => new Array<number>(5).fill(x)));
  // 1 + 10⁸ − 10⁸ is 0 in float32 from the left, 1 from the right.
  expect([...outputsOf(scatterAdd(spec), [10], [y, Int32Array.of(1, 1, 1)])[0]!]).toEqual(new Array(10).fill(0));
  expect([...outputsOf(scatterAlong(spec), [10], [y, new Int32Array(15)])[0]!]).toEqual(new Array(10).fill(0));
});

test.each([-1, 4, 2147483647, -2147483648])("the index %i of four ends the program", (index) => {
  const spec = { outer: 1, n: 4, m: 1, inner: 2 };
  for (const kernel of [gather(spec), scatterAdd(spec), takeAlong(spec), scatterAlong(spec)]) {
    const [out, of] = kernel.key.startsWith("scatter") ? [8, 2] : [2, 8];
    const { run } = kernelRun(kernel, [new Float32Array(out), new Float32Array(of), Int32Array.of(index, index)]);
    expect(run).toThrow(WebAssembly.RuntimeError);
  }
});
