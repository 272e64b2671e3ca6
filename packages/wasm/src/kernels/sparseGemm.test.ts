import fc from "fast-check";
import { expect, test } from "vitest";
import { gemm, type GemmSpec } from "./gemm.js";
import { numbers } from "./internal/convOracle.js";
import { outputOfStages, outputsOf } from "./internal/run.js";
import { sparseGemm, sparseGemmFits } from "./sparseGemm.js";

const bits = (x: Float32Array): Uint32Array => new Uint32Array(x.buffer, x.byteOffset, x.length);

/** A's numbers, of which about a share is not zero. */
function operands({ m, n, k }: GemmSpec, share: number): [Float32Array, Float32Array] {
  const pick = numbers(m * k, 3);
  return [numbers(m * k, 1).map((value, i) => ((pick[i]! + 1) / 2 < share ? value : i % 3 === 0 ? -0 : 0)), numbers(k * n, 2)];
}

function check(spec: GemmSpec, a: Float32Array, b: Float32Array): void {
  const usual = outputsOf(gemm(spec), [spec.m * spec.n], [a, b])[0]!, made = outputOfStages(sparseGemm(spec), usual.length, [a, b]);
  expect(bits(made)).toEqual(bits(usual));
}

const size = (min: number, max: number): fc.Arbitrary<number> => fc.integer({ min, max });

test("has the bits of a plain product, whatever the sizes, the share of zeros and the cut", () => {
  fc.assert(fc.property(size(16, 90), size(32, 150), size(32, 90), fc.boolean(), fc.double({ min: 0, max: 1, noNaN: true }), (m, n, k, transposeA, share) => {
    const spec: GemmSpec = { m, n, k, transposeA, transposeB: false };
    check(spec, ...operands(spec, share));
  }), { numRuns: 60 });
});

test.each<[number, number, number]>([[128, 128, 784], [784, 128, 128], [64, 300, 900]])("has them: %i × %i × %i", (m, n, k) => {
  for (const transposeA of [false, true]) check({ m, n, k, transposeA, transposeB: false }, ...operands({ m, n, k, transposeA, transposeB: false }, 0.2));
});

test("some rows have many zeros, others few", () => {
  for (const transposeA of [false, true]) {
    const spec: GemmSpec = { m: 100, n: 140, k: 64, transposeA, transposeB: false }, [a, b] = operands(spec, 0.1), full = numbers(a.length, 9);
    check(spec, a.map((value, i) => ((transposeA ? i % 100 : Math.floor(i / 64)) % 40 < 20 ? value : full[i]!)), b);
  }
});

test("what is not finite in B reaches every sum, zeros of A or not", () => {
  for (const value of [NaN, Infinity]) {
    const spec: GemmSpec = { m: 20, n: 200, k: 40, transposeA: false, transposeB: false }, [a, b] = operands(spec, 0.2);
    b[7 * 200 + 150] = value;
    const made = outputOfStages(sparseGemm(spec), 20 * 200, [a, b]);
    for (let i = 0; i < 20; i++) expect(made[i * 200 + 150], `row ${i}`).toSatisfy((x: number) => Number.isNaN(x) || !Number.isFinite(x));
    check(spec, a, b);
  }
});

test("what is no number in A stays none", () => {
  const spec: GemmSpec = { m: 20, n: 40, k: 40, transposeA: true, transposeB: false }, [a, b] = operands(spec, 0.1);
  a[5 * 20 + 3] = NaN;
  check(spec, a, b);
});

test("says what it does not fit", () => {
  const spec: GemmSpec = { m: 64, n: 64, k: 64, transposeA: false, transposeB: false };
  expect(sparseGemmFits(spec)).toBe(true);
  expect(sparseGemmFits({ ...spec, n: 10 })).toBe(false);
  expect(sparseGemmFits({ ...spec, transposeB: true })).toBe(false);
  expect(sparseGemmFits({ ...spec, batch: 2 })).toBe(false);
});
