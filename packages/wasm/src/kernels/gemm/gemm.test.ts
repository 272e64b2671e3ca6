import type { GemmSpec } from "@tenon/plan";
import fc from "fast-check";
import { expect, test } from "vitest";
import { gemm } from "./gemm.js";
import { denseGemm } from "./longGemm.js";
import { outputsOf } from "../../testing/run.js";

/** Values in [-1, 1), the same for the same seed. */
function values(count: number, seed: number): Float32Array {
  let state = seed * 2654435761 + 1;
  return Float32Array.from(
    { length: count },
    () => (state = (Math.imul(state, 1664525) + 1013904223) | 0) / 2 ** 31,
  );
}

/** In float64: sums, and sums of absolute values, against which float32's rounding is measured. */
function expected(
  { m, n, k, batch = 1, transposeA, transposeB }: GemmSpec,
  a: Float32Array,
  b: Float32Array,
): { sums: number[]; sizes: number[] } {
  const sums: number[] = [];
  const sizes: number[] = [];
  for (let q = 0; q < batch; q++)
    for (let i = 0; i < m; i++)
      for (let j = 0; j < n; j++) {
        let sum = 0;
        let size = 0;
        for (let p = 0; p < k; p++) {
          const term =
            a[q * m * k + (transposeA ? p * m + i : i * k + p)]! *
            b[q * k * n + (transposeB ? j * k + p : p * n + j)]!;
          sum += term;
          size += Math.abs(term);
        }
        sums.push(sum);
        sizes.push(size);
      }
  return { sums, sizes };
}

function check(spec: GemmSpec): void {
  const { m, n, k, batch = 1 } = spec;
  const a = values(batch * m * k, 1);
  const b = values(batch * k * n, 2);
  const [out] = outputsOf(gemm(spec), [batch * m * n], [a, b]);
  const { sums, sizes } = expected(spec, a, b);
  // Rounding errors of a sum of k products are a random walk: 4·√k units in the last place are far
  // beyond it.
  sums.forEach((sum, i) => {
    if (!(Math.abs(out![i]! - sum) <= 4 * Math.sqrt(k + 1) * 2 ** -24 * sizes[i]!))
      throw new Error(`${JSON.stringify(spec)}: expected ${sum} at ${i}, got ${out![i]}`);
  });
}

const small = fc.oneof(fc.integer({ min: 0, max: 9 }), fc.integer({ min: 1, max: 40 }));
const specs = fc.record({
  m: small,
  n: small,
  k: small,
  batch: fc.integer({ min: 0, max: 3 }),
  transposeA: fc.boolean(),
  transposeB: fc.boolean(),
});

test("agrees with sums in float64 for any size and layout of the operands, however it is divided", () => {
  fc.assert(
    fc.property(specs, (spec) => check(spec)),
    { numRuns: 400 },
  );
});

test.each([
  [70, 150, 33],
  [33, 65, 700],
  [128, 10, 784],
  [784, 128, 128],
  [64, 1600, 10],
  [5, 200, 1200],
  [1, 300, 77],
  [2, 301, 77],
  [3, 70, 50],
  [300, 1, 77],
  [131, 72, 2000],
])("agrees with sums in float64: %i × %i × %i", (m, n, k) => {
  for (const transposeA of [false, true])
    for (const transposeB of [false, true]) check({ m, n, k, transposeA, transposeB });
});

test("empty sums are zeros", () => {
  const [out] = outputsOf(
    gemm({ m: 3, n: 5, k: 0, transposeA: false, transposeB: false }),
    [15],
    [new Float32Array(0), new Float32Array(0)],
  );
  expect([...out!]).toEqual(new Array(15).fill(0));
});

test("NaN and infinity stay in their row and column", () => {
  const a = values(9 * 11, 3);
  const b = values(11 * 19, 4);
  a[2 * 11 + 5] = NaN;
  b[7 * 19 + 3] = Infinity;
  const [out] = outputsOf(
    gemm({ m: 9, n: 19, k: 11, transposeA: false, transposeB: false }),
    [9 * 19],
    [a, b],
  );
  out!.forEach((x, i) => {
    const [row, column] = [Math.floor(i / 19), i % 19];
    expect(Number.isNaN(x)).toBe(row === 2);
    expect(Number.isFinite(x)).toBe(row !== 2 && column !== 3);
  });
});

test("keys, work items and flops depend on the shape alone", () => {
  const product = gemm({ m: 128, n: 512, k: 784, transposeA: false, transposeB: false });
  expect(product.flops).toBe(2 * 128 * 512 * 784);
  expect(product.workItems).toBeGreaterThanOrEqual(8);
  expect(gemm({ m: 128, n: 512, k: 784, transposeA: false, transposeB: true }).key).not.toBe(
    product.key,
  );
});

test.each([
  [1, 1],
  [1, 5],
  [6, 1],
  [2, 3],
  [5, 9],
  [9, 33],
  [17, 24],
])("a sum of 70,003 equal products has a relative error of at most 5e-6: %i × %i", (m, n) => {
  // Added up in order, its error would be about 1e-3, since all products are rounded the same way.
  const k = 70_003;
  const a = new Float32Array(m * k).fill(0.1);
  const b = new Float32Array(k * n).fill(1);
  const right = k * Math.fround(0.1);
  for (const transposeA of [false, true])
    for (const transposeB of [false, true]) {
      const [out] = outputsOf(gemm({ m, n, k, transposeA, transposeB }), [m * n], [a, b]);
      for (const sum of out!) expect(Math.abs(sum / right - 1)).toBeLessThan(5e-6);
    }
});

test.each([16_383, 16_384, 16_385, 16_640, 65_536, 65_537, 131_073])(
  "each of %i products is added once",
  (k) => {
    for (const [m, n] of [
      [1, 2],
      [4, 8],
      [5, 3],
    ] as const)
      for (const transposeB of [false, true]) {
        const [a, b] = [m * k, k * n].map((count, i) =>
          Float32Array.from({ length: count }, (_, position) => ((position * 7 + i) % 5) - 2),
        );
        const [out] = outputsOf(
          gemm({ m, n, k, transposeA: false, transposeB }),
          [m * n],
          [a!, b!],
        );
        expect([...out!]).toEqual(
          expected({ m, n, k, transposeA: false, transposeB }, a!, b!).sums,
        );
      }
  },
);

test("a product of long sums that is computed in parts has the bits of one that is not", () => {
  for (const [m, n, k] of [
    [20, 30, 2100],
    [5, 40, 1030],
    [70, 9, 3072],
    [3, 17, 2063], // a prime: not in parts
  ] as const) {
    const [a, b] = [values(m * k, 1), values(k * n, 2)];
    const turned = Float32Array.from(a, (_, i) => a[(i % k) * m + Math.floor(i / k)]!);
    const spec = { m, n, k, transposeB: false };
    const [inParts] = outputsOf(denseGemm({ ...spec, transposeA: true }), [m * n], [a, b]);
    const [whole] = outputsOf(gemm({ ...spec, transposeA: false }), [m * n], [turned, b]);
    expect(inParts).toEqual(whole);
  }
});
