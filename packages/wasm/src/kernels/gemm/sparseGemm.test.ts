import { moduleBuilder } from "@tenon/emit";
import type { GemmSpec } from "@tenon/plan";
import fc from "fast-check";
import { expect, test } from "vitest";
import { phasesOf } from "../../threads/phases.js";
import { gemm } from "./gemm.js";
import { randomValues } from "../../testing/convOracle.js";
import { outputOfStages, outputsOf } from "../../testing/run.js";
import type { Kernel } from "../kernel.js";
import { kernelRun } from "../../testing/runKernel.js";
import { sparseGemm, sparseGemmFits } from "./sparseGemm.js";

const bits = (x: Float32Array): Uint32Array => new Uint32Array(x.buffer, x.byteOffset, x.length);

/** Operands; about a fraction `density` of A is not zero. */
function operands({ m, n, k }: GemmSpec, density: number): [Float32Array, Float32Array] {
  const pick = randomValues(m * k, 3);
  return [
    randomValues(m * k, 1).map((value, i) =>
      (pick[i]! + 1) / 2 < density ? value : i % 3 === 0 ? -0 : 0,
    ),
    randomValues(k * n, 2),
  ];
}

function check(spec: GemmSpec, a: Float32Array, b: Float32Array): void {
  const usual = outputsOf(gemm(spec), [spec.m * spec.n], [a, b])[0]!;
  const result = outputOfStages(sparseGemm(spec), usual.length, [a, b]);
  expect(bits(result)).toEqual(bits(usual));
}

const size = (min: number, max: number): fc.Arbitrary<number> => fc.integer({ min, max });

test("has the bits of a plain product for all sizes and densities, however it is divided", () => {
  fc.assert(
    fc.property(
      size(16, 90),
      size(64, 150),
      size(32, 90),
      fc.boolean(),
      fc.boolean(),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (m, n, k, transposeA, transposeB, density) => {
        const spec: GemmSpec = { m, n, k, transposeA, transposeB };
        check(spec, ...operands(spec, density));
      },
    ),
    { numRuns: 60 },
  );
});

test.each<[number, number, number]>([
  [128, 128, 784],
  [784, 128, 128],
  [64, 300, 900],
  // Transposed, it is computed in parts, whose groups of columns are wider than those of the whole.
  [20, 70, 1026],
  [16, 64, 2052],
])("has the bits of a plain product: %i × %i × %i", (m, n, k) => {
  for (const [transposeA, transposeB] of [
    [false, false],
    [true, false],
    [false, true],
  ] as const) {
    const spec: GemmSpec = { m, n, k, transposeA, transposeB };
    check(spec, ...operands(spec, 0.2));
  }
});

test("rows with many zeros next to rows with few", () => {
  for (const transposeA of [false, true]) {
    const spec: GemmSpec = { m: 100, n: 140, k: 64, transposeA, transposeB: false };
    const [a, b] = operands(spec, 0.1);
    const full = randomValues(a.length, 9);
    check(
      spec,
      a.map((value, i) =>
        (transposeA ? i % 100 : Math.floor(i / 64)) % 40 < 30 ? value : full[i]!,
      ),
      b,
    );
  }
});

test("a value of B that is not finite reaches every sum, also through zeros of A", () => {
  for (const value of [NaN, Infinity]) {
    // The rows of B that are multiplied first have only finite values.
    const spec: GemmSpec = { m: 20, n: 200, k: 240, transposeA: false, transposeB: false };
    const [a, b] = operands(spec, 0.2);
    b[207 * 200 + 150] = value;
    const result = outputOfStages(sparseGemm(spec), 20 * 200, [a, b]);
    for (let i = 0; i < 20; i++)
      expect(result[i * 200 + 150], `row ${i}`).toSatisfy(
        (x: number) => Number.isNaN(x) || !Number.isFinite(x),
      );
    check(spec, a, b);
  }
});

test("NaN in A stays NaN", () => {
  const spec: GemmSpec = { m: 20, n: 64, k: 40, transposeA: true, transposeB: false };
  const [a, b] = operands(spec, 0.1);
  a[5 * 20 + 3] = NaN;
  check(spec, a, b);
});

test("the shapes that it does not fit", () => {
  const spec: GemmSpec = { m: 64, n: 64, k: 64, transposeA: false, transposeB: false };
  expect(sparseGemmFits(spec)).toBe(true);
  expect(sparseGemmFits({ ...spec, n: 10 })).toBe(false);
  expect(sparseGemmFits({ ...spec, batch: 2 })).toBe(false);
  expect(sparseGemmFits({ ...spec, m: 10_000, k: 784 })).toBe(false); // lists of 63 MB
  expect(sparseGemmFits({ ...spec, n: 2048, k: 2048 })).toBe(false); // few rows of a large B
  expect(sparseGemmFits({ ...spec, m: 512, n: 2048, k: 2048 })).toBe(true);
});

test("both of its kernels are divided among threads", () => {
  const phases = phasesOf(
    sparseGemm({ m: 128, n: 128, k: 784, transposeA: false, transposeB: false }).stages,
    2,
  );
  expect(phases.map(({ chunks }) => chunks > 1)).toEqual([true, true]);
});

test("a value that is not finite in a row of B that crosses 2 GiB reaches every sum", () => {
  const spec: GemmSpec = { m: 16, n: 64, k: 32, transposeA: false, transposeB: false };
  const { m, n, k } = spec;
  // Addresses from here on are negative as signed integers, and row 5 is on both sides. Memory that
  // is not touched costs nothing.
  const middle = 2 ** 31;
  const pages = middle / 65536 + 1;
  const memory = new WebAssembly.Memory({ initial: pages });
  const [c, a, lists, ends] = [64, 65536, 131072, 196608];
  const b = middle - 5 * 4 * n - 64;
  new Float32Array(memory.buffer, a, m * k).forEach((_, i, all) => {
    all[i] = i % k === 20 ? 1 : 0;
  });
  new Float32Array(memory.buffer, b, k * n).fill(1)[5 * n + 3] = Infinity;
  const {
    stages: [first, second],
  } = sparseGemm(spec);
  for (const [{ kernel }, pointers] of [
    [first!, [lists, ends, a]],
    [second!, [c, a, b, lists, ends]],
  ] as const) {
    const module = moduleBuilder();
    kernel.emit(module);
    const { exports } = new WebAssembly.Instance(new WebAssembly.Module(module.toBytes()), {
      env: { memory },
    });
    (exports[kernel.key] as (...args: number[]) => void)(
      ...pointers,
      ...(kernel.scratch > 0 ? [262144] : []),
      0,
      kernel.workItems,
    );
  }
  expect(new Float32Array(memory.buffer, c, 5)).toEqual(Float32Array.of(1, 1, 1, NaN, 1));
});

test("a sparsity scan samples all columns, however long rows are", () => {
  // Only the first four of every 124 values are zeros, and 124 is four times 31.
  for (const transposeA of [false, true]) {
    const [m, k] = transposeA ? [124, 512] : [512, 124];
    const spec: GemmSpec = { m, n: 64, k, transposeA, transposeB: false };
    const a = randomValues(m * k, 1).map((value, i) => (i % 124 < 4 ? 0 : value || 1));
    const {
      temporaries,
      stages: [{ kernel }],
    } = sparseGemm(spec) as ReturnType<typeof sparseGemm> & {
      stages: readonly [{ kernel: Kernel }];
    };
    const run = kernelRun(kernel, [...temporaries.map((bytes) => new Float32Array(bytes / 4)), a]);
    run.run();
    const { workItems: blocks } = kernel;
    const flags = new Int32Array(run.arrays[1]!.slice(-blocks).buffer);
    expect(flags).toEqual(new Int32Array(flags.length).fill(1));
  }
});
