import type { NDArray } from "@tenon/contracts";
import {
  allFinite,
  argMax,
  concat,
  conv2d,
  erf,
  expm1,
  gather,
  gradients,
  log1p,
  maxPool2d,
  normalCdf,
  pad,
  prod,
  scan,
  scatterAlong,
  sigmoid,
  sin,
  summary,
  tanh,
  tensor,
  type Tensor,
  uniform,
  where,
} from "@tenon/tensor";
import { expectClose } from "@tenon/testkit";
import { expect, test } from "vitest";
import {
  byteInputs,
  convolutions,
  depthwise,
  extraInstructions,
  inPlaceUpdates,
  lookups,
  mathFunctions,
  placements,
  pooledConvolutions,
  randomness,
  scans,
  sparseProducts,
  summaries,
  threading,
  transposes,
  wasm,
  wasmOf,
  winograd,
  type WasmEngine,
} from "./index.js";

const waves = (n: number, pitch = 1.7): Float32Array =>
  Float32Array.from({ length: n }, (_, i) => Math.sin(i * pitch));

const whole = await wasm({ threads: 1 });

/** What a function of an array of a shape gives on an engine. */
function valueOn(engine: WasmEngine, shape: readonly number[], step: (x: Tensor) => Tensor) {
  const data = waves(shape.reduce((a, b) => a * b, 1));
  const program = engine.compile(
    (_: object, { x }: { x: Tensor }) => ({ state: {}, outputs: { y: step(x) } }),
    {},
    { x: { shape } },
  );
  return program.step({ x: data }).y;
}

test("without any part it trains a multilayer perceptron, with the same bits", async () => {
  const start = {
    w: { shape: [20, 12], dtype: "float32", data: waves(240, 0.3) } satisfies NDArray,
    v: { shape: [12, 5], dtype: "float32", data: waves(60, 0.7) } satisfies NDArray,
  };
  const rows = waves(32 * 20);
  const labels = Int32Array.from({ length: 32 }, (_, i) => i % 5);
  const trained = [whole, await wasmOf([])].map((engine) => {
    const program = engine.compile(
      ({ w, v }: { w: Tensor; v: Tensor }, { x, y }: { x: Tensor; y: Tensor }) => {
        const logits = x.matmul(w).relu().matmul(v);
        const loss = logits.logSoftmax().takeAlong(y.expandDims(1), 1).mean().neg();
        const grads = gradients(loss, { w, v });
        const state = { w: w.sub(grads.w.mul(0.5)), v: v.sub(grads.v.mul(0.5)) };
        return { state, outputs: { loss, logits } };
      },
      start,
      { x: { shape: [32, 20] }, y: { shape: [32], dtype: "int32" } },
    );
    const losses = Array.from(
      { length: 5 },
      () => program.step({ x: rows, y: labels }).loss.data[0],
    );
    const { w, v } = program.state();
    return [losses, [...w.data], [...v.data]];
  });
  expect(trained[1]).toEqual(trained[0]);
  expect(trained[1]![0]![4]).toBeLessThan(trained[1]![0]![0]!);
});

const kernel = tensor(waves(9), [3, 3, 1, 1]);
test.each([
  ["conv2d", convolutions, [2, 6, 6, 1], (x: Tensor) => conv2d(x, kernel)],
  ["gather", lookups, [7, 3], (x: Tensor) => gather(x, tensor([3, 0, 6], [3], "int32"))],
  ["argMax", lookups, [4, 5], (x: Tensor) => argMax(x, 1)],
  [
    "scatterAlong",
    lookups,
    [3, 2],
    (x: Tensor) => scatterAlong(x, tensor([0, 0, 4, 1, 2, 2], [3, 2], "int32"), 5, 1),
  ],
  ["prod", mathFunctions, [4, 5], (x: Tensor) => prod(x, 1)],
  ["concat", placements, [4, 5], (x: Tensor) => concat([x, x.neg()])],
  ["pad", placements, [4], (x: Tensor) => pad(x, [[1, 2]])],
  [
    "uniform",
    randomness,
    [3, 4],
    (x: Tensor) => x.add(uniform([3, 4], tensor(3, [], "int32"), tensor(0, [], "int32"))),
  ],
  ["summary", summaries, [64, 3], (x: Tensor) => summary(x)],
  [
    "scan",
    scans,
    [5, 4],
    (x: Tensor) =>
      scan(
        (sum: Tensor, entry: Tensor) => ({ state: sum.mul(0.5).add(entry), outputs: {} }),
        tensor([1, 2, 3, 4]),
        x,
      ).state,
  ],
] as const)("%s needs its part, and has the same bits with it", async (op, part, shape, step) => {
  const without = await wasmOf([], { threads: 1 });
  expect(() => valueOn(without, shape, step)).toThrow(
    `wasmOf: expected an operation with a kernel, got "${op}"; add the part that has it ` +
      "(convolutions, lookups, mathFunctions, placements, randomness, scans or summaries), " +
      "or use wasm()",
  );
  const value = valueOn(await wasmOf([part]), shape, step);
  expect(value).toEqual(valueOn(whole, shape, step));
});

test.each(["sin", "erf", "normalCdf", "expm1", "tanh", "sigmoid", "log1p"] as const)(
  "%s is a part, too",
  async (op) => {
    const step = { sin, erf, normalCdf, expm1, tanh, sigmoid, log1p }[op];
    await expect(async () => valueOn(await wasmOf([]), [5], step)).rejects.toThrow(
      `wasmOf: expected an operation of its parts, got "${op}"; add mathFunctions`,
    );
    expect(valueOn(await wasmOf([mathFunctions]), [5], step)).toEqual(valueOn(whole, [5], step));
  },
);

test("figures of integers need a function, which their part has", async () => {
  const halves = (x: Tensor): Tensor => x.cast("int32").remainder(2).cast("float32");
  expect(valueOn(await wasmOf([summaries]), [5], halves)).toEqual(valueOn(whole, [5], halves));
});

/** A training step of two convolutions, one of each channel alone, and a max pool. */
function trainedImages(engine: WasmEngine) {
  const filter = (shape: readonly number[], pitch: number): NDArray => ({
    shape,
    dtype: "float32",
    data: waves(
      shape.reduce((a, b) => a * b, 1),
      pitch,
    ).map((x) => x / 8),
  });
  const start = {
    u: filter([3, 3, 1, 16], 0.3),
    v: filter([3, 3, 16, 32], 0.7),
    w: filter([3, 3, 1, 32], 1.1),
  };
  const program = engine.compile(
    ({ u, v, w }: Record<"u" | "v" | "w", Tensor>, { x }: { x: Tensor }) => {
      const first = maxPool2d(conv2d(x, u, { padding: "same" }).relu(), 2);
      const second = conv2d(first, v, { padding: "same" }).relu();
      const loss = conv2d(second, w, { groups: 32 }).square().mean();
      const grads = gradients(loss, { u, v, w });
      const state = { u: u.sub(grads.u), v: v.sub(grads.v), w: w.sub(grads.w) };
      return { state, outputs: { loss } };
    },
    start,
    { x: { shape: [4, 28, 28, 1] } },
  );
  const { data } = program.step({ x: waves(4 * 28 * 28) }).loss;
  const state = Object.values(program.state()).flatMap((array) => [...array.data]);
  const kernels = program.plan.steps.map(({ kernel }) => kernel.key);
  return { kernels, loss: data[0]!, state };
}

test("what makes convolutions faster are parts, too, in any order", async () => {
  const all = trainedImages(whole);
  const fast = [winograd, pooledConvolutions, depthwise, convolutions];
  for (const parts of [
    [...fast, sparseProducts],
    [sparseProducts, ...fast.reverse()],
  ])
    expect(trainedImages(await wasmOf(parts))).toEqual(all);
  const plain = trainedImages(await wasmOf([convolutions]));
  expectClose([plain.loss, ...plain.state], [all.loss, ...all.state], 1e-5);
  for (const [part, kernel] of [
    [winograd, /winograd/],
    [depthwise, /depthwise/],
    [pooledConvolutions, /pooledConv2d|unpoolConv2d/],
  ] as const) {
    expect(plain.kernels.join()).not.toMatch(kernel);
    expect(trainedImages(await wasmOf([part, convolutions])).kernels.join()).toMatch(kernel);
  }
});

test("sparse products are a part, too", async () => {
  const kernels = (engine: WasmEngine): string[] =>
    engine
      .compile(
        (_: object, { x, w }: { x: Tensor; w: Tensor }) => ({
          state: {},
          outputs: { y: x.matmul(w) },
        }),
        {},
        { x: { shape: [64, 784] }, w: { shape: [784, 64] } },
      )
      .plan.steps.map(({ kernel }) => kernel.key);
  expect(kernels(await wasmOf([sparseProducts])).join()).toContain("sparse");
  expect(kernels(await wasmOf([])).join()).not.toContain("sparse");
});

test("squares of arrays with exchanged axes are a part, with the same bits", async () => {
  const [plain, squares] = await Promise.all([[], [transposes]].map((parts) => wasmOf(parts)));
  const itemsOf = (engine: WasmEngine): number =>
    engine.compile(
      (_: object, { x }: { x: Tensor }) => ({ state: {}, outputs: { y: x.transpose().mul(2) } }),
      {},
      { x: { shape: [4096, 64] } },
    ).plan.steps[0]!.kernel.workItems;
  expect([itemsOf(plain!), itemsOf(squares!)]).toEqual([64, 8]); // rows, rows of squares
  const odd = (x: Tensor): Tensor => x.transpose().mul(2);
  expect(valueOn(squares!, [21, 13], odd)).toEqual(valueOn(plain!, [21, 13], odd));
});

test("instructions that not every platform has are a part", async () => {
  await expect(wasmOf([], { relaxed: true })).rejects.toThrow(
    "wasmOf: expected portable instructions without the part extraInstructions, got relaxed; " +
      "add it to the parts",
  );
  await expect(wasmOf([], { turbo: true })).rejects.toThrow("got turbo; add it to the parts");
  const engine = await wasmOf([extraInstructions], { relaxed: true, turbo: true });
  const same = await wasm({ relaxed: true, turbo: true });
  expect([engine.relaxed, engine.turbo]).toEqual([same.relaxed, same.turbo]);
});

test("state is replaced in place or after all checks, with the same bits", async () => {
  const start = { w: { shape: [20, 12], dtype: "float32" as const, data: waves(240, 0.3) } };
  const trained = async (parts: Parameters<typeof wasmOf>[0]) => {
    const { step, state, plan } = (await wasmOf(parts)).compile(
      ({ w }: { w: Tensor }, { x }: { x: Tensor }) => {
        const loss = x.matmul(w).square().mean();
        const { w: g } = gradients(loss, { w });
        const next = w.sub(g.mul(0.5));
        const finite = allFinite([loss, g, next]);
        return { state: { w: where(finite, next, w) }, outputs: { finite } };
      },
      start,
      { x: { shape: [32, 20] } },
    );
    const x = waves(32 * 20);
    const broken = x.map((value, i) => (i === 7 ? NaN : value));
    const flags = [x, broken, x].map((x) => step({ x }).finite.data[0]);
    const values = [...state().w.data];
    return { flags, values, isUndoable: plan.steps.some(({ label }) => label === "keep") };
  };
  const plain = await trained([]);
  expect(plain).toMatchObject({ flags: [1, 0, 1], isUndoable: false });
  expect(await trained([inPlaceUpdates])).toEqual({ ...plain, isUndoable: true });
});

test("bytes are decoded in JavaScript without their part, to the same values", async () => {
  const bytes = Uint8Array.from({ length: 40 }, (_, i) => i % 7);
  const palette = waves(256);
  const data = Float32Array.from(bytes, (byte) => palette[byte]!);
  const fed = async (parts: Parameters<typeof wasmOf>[0]) => {
    let reads = 0;
    const program = (await wasmOf(parts)).compile(
      (_: object, { x }: { x: Tensor }) => ({ state: {}, outputs: { y: x.mul(3) } }),
      {},
      { x: { shape: [5, 8] } },
    );
    const x = {
      ...{ shape: [5, 8], dtype: "float32" as const, encoded: () => ({ bytes, palette }) },
      get data() {
        reads++;
        return data;
      },
    };
    return { values: program.step({ x }).y.data, reads };
  };
  const values = data.map((x) => x * 3);
  expect(await fed([])).toEqual({ values, reads: 1 });
  expect(await fed([byteInputs])).toEqual({ values, reads: 0 });
});

test("several threads need a part", async () => {
  expect((await wasmOf([])).threads).toBe(1);
  expect((await wasmOf([threading], { threads: 2 })).threads).toBe(2);
  await expect(wasmOf([scans], { threads: 2 })).rejects.toThrow(
    "wasmOf: expected 1 thread without the part threading, got 2; add it to the parts",
  );
});

test("what are no parts is refused", async () => {
  await expect(wasmOf(threading as never)).rejects.toThrow("wasmOf: expected a list of parts");
  await expect(wasmOf([wasm] as never)).rejects.toThrow(
    "wasmOf: expected a list of parts, such as [threading], got [wasm, a function]",
  );
  await expect(wasmOf([], { thread: 1 } as never)).rejects.toThrow("wasmOf: expected options");
});
