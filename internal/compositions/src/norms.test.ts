import fc from "fast-check";
import type { Engine, NDArray, Transform } from "@tenon/contracts";
import { weightNorm, dense } from "@tenon/layers";
import { cosineDistance } from "@tenon/losses";
import {
  clipByGlobalNorm,
  clipByNorm,
  globalNorm,
  normalizedGradient,
  onArrays,
  scaleByTrustRatio,
} from "@tenon/optimizers";
import { maxNorm, minMaxNorm, unitNorm } from "@tenon/regularizers";
import { gradients, norm, pass, reference, std, tensor, type Tensor } from "@tenon/tensor";
import { wasm } from "@tenon/wasm";
import { beforeAll, expect, test } from "vitest";

// Norms of values whose squares overflow or underflow in float32. The expected values are computed
// in float64.

let engines: readonly Engine<Tensor>[];
beforeAll(async () => {
  engines = [await wasm({ threads: 1 }), reference()];
});

const floats = (data: ArrayLike<number>): NDArray => ({
  shape: [data.length],
  dtype: "float32",
  data: Float32Array.from(data),
});
type Inputs = Record<string, Tensor>;
function each(
  inputs: Record<string, NDArray>,
  f: (x: Inputs) => Inputs,
): Record<string, number[]>[] {
  return engines.map((engine) => {
    const program = engine.compile(
      (state, x) => ({ state, outputs: f(x as Inputs) }),
      {} as Record<string, NDArray>,
      inputs,
    );
    const outputs = program.step(inputs as never) as unknown as Record<string, NDArray>;
    return Object.fromEntries(Object.entries(outputs).map(([key, { data }]) => [key, [...data]]));
  });
}
function close(
  what: string,
  got: readonly number[],
  right: readonly number[],
  relative = 1e-6,
): void {
  expect(got.length, what).toBe(right.length);
  right.forEach((want, i) => {
    const off = Math.abs(got[i]! - want);
    const allowed = relative * Math.abs(want) + 2e-45;
    expect(off, `${what} ${i}: expected ${want}, got ${got[i]}`).toBeLessThanOrEqual(allowed);
  });
}

/**
 * The update of a transform for a gradient: on both engines, and on arrays with vectors and
 * without.
 */
function updates(transform: Transform, w: readonly number[], g: readonly number[]): number[][] {
  const compiled = each(
    { w: floats(w), g: floats(g) },
    (x) =>
      transform.update<Tensor>(
        { updates: { w: x["g"]! }, params: { w: x["w"]! }, slots: {} },
        { value: () => tensor(0) },
      ).updates as Inputs,
  );
  const zero = { w: new Float32Array(w.length) };
  // On arrays updates are added to the parameter: only where that is zero is the sum the update.
  if (w.some((x) => x !== 0)) return compiled.map((result) => result["w"]!);
  onArrays(transform, zero).step({ w: Float32Array.from(g) });
  return [...compiled.map((result) => result["w"]!), [...zero.w]];
}
const sizes = [1e-45, 3e-42, 1e-38, 1e-30, 1e-24, 1e-20, 1e-9, 1, 1e9, 1e18, 1e25, 1e30, 6e37];
/** 3 and 4 times a number, among zeros if there are to be many. */
const gradient = (size: number, count = 2): number[] => [
  ...Float32Array.from({ length: count }, (_, i) =>
    i === 0 ? 3 * size : i === count - 1 ? 4 * size : 0,
  ),
];
const lengthOf = (x: readonly number[]): number => Math.hypot(...x);

test.each(sizes)("gradients of size %d", (size) => {
  for (const count of [2, 100]) {
    const g = gradient(size, count);
    const none = g.map(() => 0);
    const length = lengthOf(g);
    const to = (wanted: number): number[] => g.map((x) => (x / length) * wanted);
    const check = (name: string, transform: Transform, right: readonly number[]): void =>
      updates(transform, none, g).forEach((got) => close(`${name} of ${count}`, got, right, 2e-6));
    for (const kind of ["global", "tensor"] as const)
      check("normalizedGradient", normalizedGradient({ norm: kind, eps: 1e-45 }), to(1));
    for (const [name, clip] of [
      ["clipByNorm", clipByNorm],
      ["clipByGlobalNorm", clipByGlobalNorm],
    ] as const) {
      check(name, clip(0.5), length > 0.5 ? to(0.5) : g);
      check(
        `${name}, torch`,
        clip(0.5, { form: "torch" }),
        g.map((x) => x * Math.min(1, 0.5 / (length + 1e-6))),
      );
      check(`${name}, tutorial`, clip(0.5, { form: "tutorial" }), length > 0.5 ? to(1) : g);
      const manhattan = g.reduce((sum, x) => sum + Math.abs(x), 0);
      check(
        `${name}, Σ|g|`,
        clip(0.5, { order: 1 }),
        g.map((x) => x * Math.min(1, 0.5 / manhattan)),
      );
      if (size < 1e30) check(`${name}, far away`, clip(1e35), g);
    }
    for (const got of each({ g: floats(g) }, (x) => ({ norm: globalNorm({ g: x["g"]! }) })))
      close("globalNorm", got["norm"]!, [length]);
    const w = g.map((_, i) => (i === 0 ? 2 : 0));
    for (const got of updates(scaleByTrustRatio(), w, g))
      close("scaleByTrustRatio", got, to(2), 2e-6);
  }
});

test("normalizedGradient of (3, 4)·1e-24 is (0.6, 0.8), and zeros stay zeros everywhere", () => {
  for (const got of updates(normalizedGradient(), [0, 0], [3e-24, 4e-24]))
    close("g", got, [0.6, 0.8]);
  for (const transform of [
    normalizedGradient(),
    clipByNorm(1),
    clipByGlobalNorm(1, { form: "torch" }),
    clipByNorm(1, { form: "tutorial" }),
    scaleByTrustRatio(),
  ])
    for (const got of updates(transform, [0, 0], [0, 0])) expect(got).toEqual([0, 0]);
});

test("values that are not finite are not hidden", () => {
  for (const bad of [NaN, Infinity])
    for (const transform of [normalizedGradient(), clipByNorm(1), clipByGlobalNorm(1)])
      for (const got of updates(transform, [0, 0], [bad, 1]))
        expect(got.some(Number.isNaN)).toBe(true);
});

test.each(sizes.filter((size) => size >= 1e-38))("parameters of size %d", (size) => {
  const w = gradient(size, 6);
  const none = w.map(() => 0);
  const length = lengthOf(w);
  const axes = [0];
  const after = (transform: Transform): number[][] =>
    updates(transform, w, none).map((got) => got.map((x, i) => x + w[i]!));
  // The update is what the parameter becomes minus the parameter: rounded as the larger of the two
  // is.
  const check = (name: string, transform: Transform, to: number): void =>
    after(transform).forEach((got) =>
      w.forEach((x, i) => {
        const want = (x / length) * to;
        const allowed = 2e-6 * Math.max(Math.abs(want), Math.abs(x)) + 2e-45;
        expect(
          Math.abs(got[i]! - want),
          `${name} ${i}: expected ${want}, got ${got[i]}`,
        ).toBeLessThanOrEqual(allowed);
      }),
    );
  check("maxNorm", maxNorm({ max: 0.5, axes, only: () => true }), Math.min(length, 0.5));
  check("unitNorm", unitNorm({ axes, only: () => true }), length / (length + 1e-7));
  check(
    "minMaxNorm",
    minMaxNorm({ min: 0, max: 0.5, axes, only: () => true }),
    (Math.min(length, 0.5) * length) / (length + 1e-7),
  );
});

test.each(sizes)("norm, std and the rest, with their gradients, of values of size %d", (size) => {
  const x = gradient(size, 7);
  const length = lengthOf(x);
  const mean = x.reduce((a, b) => a + b) / 7;
  const deviation = lengthOf(x.map((v) => v - mean)) / Math.sqrt(7);
  for (const got of each({ x: floats(x) }, ({ x: v }) => ({
    norm: norm(v!),
    kept: norm(v!.reshape([1, 7]), 1, true),
    dNorm: gradients(norm(v!).mul(3), v!),
    std: std(v!),
    dStd: gradients(std(v!), v!),
    cosine: cosineDistance(v!, v!, { epsilon: 0 }),
    half: cosineDistance(v!, tensor([1, 0, 0, 0, 0, 0, 0]), { epsilon: 0 }),
  }))) {
    close("norm", got["norm"]!, [length]);
    close("norm, kept", got["kept"]!, [length]);
    close(
      "its gradient",
      got["dNorm"]!,
      x.map((v) => (3 * v) / length),
      2e-6,
    );
    // Beyond, the mean itself has few digits, or none.
    if (size >= 1e-36 && size <= 1e36) {
      close("std", got["std"]!, [deviation], 2e-6);
      close(
        "its gradient",
        got["dStd"]!,
        x.map((v) => (v - mean) / (7 * deviation)),
        2e-5,
      );
    }
    if (size < 1e-38) continue; // a length of few digits
    expect(Math.abs(got["cosine"]![0]!)).toBeLessThan(1e-6);
    close("cosineDistance", got["half"]!, [0.4], 2e-6);
  }
  // A layer's kernel of length g along v.
  if (size >= 1e-36 && size <= 1e36)
    for (const got of each({ v: floats(x), g: floats([2]) }, ({ v, g }) => {
      const params = { v: v!.reshape([7, 1]), g: g!, bias: tensor([0]) };
      return { y: weightNorm(dense(1)).forward(tensor([[1, 0, 0, 0, 0, 0, 0]]), pass({ params })) };
    }))
      close("weightNorm", got["y"]!, [1.2], 2e-6);
});

test("values of ordinary size keep their bits: scaling by a power of two is exact", () => {
  const ordinary = fc
    .float({ min: -1000, max: 1000, noNaN: true })
    .filter((x) => x === 0 || Math.abs(x) > 1e-12);
  fc.assert(
    fc.property(fc.array(ordinary, { minLength: 1, maxLength: 40 }), (data) => {
      for (const got of each({ x: floats(data) }, ({ x }) => {
        const plain = x!.square().sum().sqrt();
        const past = plain.maximum(1);
        return {
          norm: norm(x!),
          plain,
          global: globalNorm({ x: x! }),
          clipped: clipByGlobalNorm(1).update<Tensor>(
            { updates: { x: x! }, params: { x: x! }, slots: {} },
            { value: () => tensor(0) },
          ).updates["x"]!,
          formula: x!.mul(past.sign().div(past)),
        };
      })) {
        expect(got["norm"]).toEqual(got["plain"]);
        expect(got["global"]).toEqual(got["plain"]);
        expect(got["clipped"]).toEqual(got["formula"]);
      }
    }),
    { numRuns: 100 },
  );
});
