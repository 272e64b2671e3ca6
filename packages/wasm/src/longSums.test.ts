import { prod, reference, slice, type Tensor } from "@tenon/tensor";
import { expect, test } from "vitest";
import { wasm } from "./engine.js";

// Of up to 2¹⁶ rows, runs of 256 are summed one after the other.
test.each<[string, number[], (x: Tensor) => Tensor, number?]>([
  ["sum", [1 << 25], (x) => x.sum()],
  ["sum of odd length", [(1 << 25) - 19], (x) => x.sum()],
  ["sum of many columns", [1 << 18, 256], (x) => x.sum(0), 1e-5],
  ["sum of rows", [3, 1 << 22], (x) => x.sum(1)],
  ["mean of images", [1, 4096, 4096, 1], (x) => x.mean([1, 2])],
  ["mean of strided images", [1 << 19, 5, 3], (x) => x.mean([0, 2]), 1e-5],
  [
    "mean of slices",
    [2, 3, 1 << 21],
    (x) => slice(x, [0, 1, 1], [2, 3, (1 << 21) - 2]).mean([0, 2]),
  ],
])(
  "%s: of %s tenths errs by 1e-6 of itself, of columns 1e-5, at most",
  async (_, shape, reduce, most = 1e-6) => {
    const program = (await wasm()).compile(
      (state, x: Tensor) => ({ state, outputs: reduce(x) }),
      {},
      { shape },
    );
    const size = shape.reduce((a, b) => a * b);
    const { data } = program.step(new Float32Array(size).fill(0.1)) as { data: Float32Array };
    const right = reduce.toString().includes("mean")
      ? Math.fround(0.1)
      : Math.fround(0.1) * (size / data.length);
    for (const y of data) expect(Math.abs(y / right - 1)).toBeLessThan(most);
  },
);

test.each([
  ["reference", reference()],
  ["wasm", await wasm()],
] as const)("the mean of integers is rounded at the end alone, on %s", (_, engine) => {
  const mean = (x: Int32Array): number => {
    const program = engine.compile(
      (state, given: Tensor) => ({ state, outputs: given.mean() }),
      {},
      { shape: [x.length], dtype: "int32" },
    );
    return (program.step(x) as { data: ArrayLike<number> }).data[0]!;
  };
  expect(mean(Int32Array.of(16777217, -16777216))).toBe(0.5);
  expect(mean(Int32Array.of(2147483647, -2147483646, 1, 0))).toBe(0.5);
  expect(mean(Int32Array.of(-1, -2))).toBe(-1.5);
  expect(mean(Int32Array.of(-2147483648, -2147483648))).toBe(-2147483648);
  for (const n of [3, 1000, 32769, 300_000]) {
    const x = Int32Array.from({ length: n }, (__, i) => Math.imul(i + 1, 0x9e3779b1));
    const total = x.reduce((sum, value) => sum + value, 0);
    // So much is added that the mean is near nothing, where a sum in float32 has lost all.
    const near = [...x];
    const end = Math.max(-2147483648, Math.min(2147483647, -total));
    near.push(end);
    expect(mean(Int32Array.from(near)) / ((total + end) / (n + 1) || 1) || 1).toBeCloseTo(1, 6);
    expect(mean(x) / (total / n)).toBeCloseTo(1, 6);
    expect(mean(new Int32Array(n).fill(2147483647))).toBe(2147483648);
    expect(mean(new Int32Array(n).fill(-1))).toBe(-1);
  }
});

test.each([[1 << 25], [(1 << 22) + 7], [70_001]])(
  "the product of %s values near 1 has a relative error of at most 3e-6",
  async (n) => {
    const program = (await wasm()).compile(
      (state, x: Tensor) => ({ state, outputs: prod(x) }),
      {},
      { shape: [n] },
    );
    const { data } = program.step(new Float32Array(n).fill(1 + 2 ** -23)) as { data: Float32Array };
    expect(Math.abs(data[0]! / Math.exp(n * Math.log1p(2 ** -23)) - 1)).toBeLessThan(3e-6);
  },
);
