import fc from "fast-check";
import { beforeAll, expect, test } from "vitest";
import type { NDArray } from "@tenon/contracts";
import {
  arange,
  argMaxPool2d,
  avgPool2d,
  concat,
  conv2d,
  full,
  gradients,
  leaves,
  maxPool2d,
  pass,
  reference,
  sizeOf,
  tensor,
  uniform,
  where,
  clock,
  type Tensor,
} from "@tenon/tensor";
import { wasm, type WasmEngine } from "./engine.js";

let engine: WasmEngine;
beforeAll(async () => {
  engine = await wasm();
});

const array = (
  shape: readonly number[],
  f: (i: number) => number = (i) => Math.sin(i * 1.3 + shape.length),
): NDArray => ({
  shape,
  dtype: "float32",
  data: Float32Array.from({ length: sizeOf(shape) }, (_, i) => f(i)),
});

/**
 * Runs the same function on both engines and expects the same numbers, relative to their size, or
 * to `least` where they are what is left of larger ones.
 */
function agree(
  inputs: Record<string, NDArray>,
  f: (x: Record<string, Tensor>) => Record<string, Tensor>,
  tolerance = 2e-6,
  least = 1e-30,
): void {
  const [ours, theirs] = [engine, reference()].map(
    (e) =>
      e
        .compile(
          (state, x) => ({ state, outputs: f(x as Record<string, Tensor>) }),
          {} as Record<string, NDArray>,
          inputs,
        )
        .step(inputs as never) as Record<string, NDArray>,
  );
  for (const name of Object.keys(theirs!)) {
    const [a, b] = [ours![name]!, theirs![name]!];
    expect(a.shape).toEqual(b.shape);
    expect(a.dtype).toBe(b.dtype);
    const size = Math.max(least, ...b.data.map((x) => (Number.isFinite(x) ? Math.abs(x) : 0)));
    b.data.forEach((x, i) => {
      const y = a.data[i]!;
      if (Object.is(x, y) || x === y || (Number.isNaN(x) && Number.isNaN(y))) return;
      expect(Math.abs(y - x) / size, `${name}[${i}]: expected ${x}, got ${y}`).toBeLessThan(
        tolerance,
      );
    });
  }
}

/** The function's values and the gradients of a weighted sum of them. */
const withGradients =
  (f: (x: Record<string, Tensor>) => Tensor) =>
  (x: Record<string, Tensor>): Record<string, Tensor> => {
    const y = f(x);
    const weights = tensor(
      Float32Array.from({ length: sizeOf(y.shape) }, (_, i) => Math.cos(i)),
      y.shape,
    );
    const grads = gradients(y.mul(weights).sum(), x);
    return { y, ...Object.fromEntries(Object.entries(grads).map(([name, g]) => [`d${name}`, g])) };
  };

test("elementwise, broadcasting, reductions, with gradients", () => {
  agree(
    { a: array([5, 3]), b: array([3]), c: array([5, 1]) },
    withGradients(({ a, b, c }) => a!.mul(b!).add(c!).tanh().mul(2).sub(a!.square())),
  );
  agree(
    { a: array([4, 6]) },
    withGradients(({ a }) => a!.softmax()),
  );
  agree(
    { a: array([4, 6]) },
    withGradients(({ a }) => a!.logSoftmax().max(0)),
  );
  agree(
    { a: array([3, 5, 7]) },
    withGradients(({ a }) =>
      a!
        .variance([0, 1])
        .sqrt()
        .add(a!.mean([0, 1])),
    ),
  );
  agree(
    { a: array([3, 5, 7]) },
    withGradients(({ a }) => a!.logSumExp([1])),
  );
  agree(
    { a: array([3, 4], (i) => 0.5 + i / 7) },
    withGradients(({ a }) => a!.prod(0).add(a!.pow(1.5).sum(0)).add(a!.log().sum(0))),
  );
});

test("views: transposed, sliced, padded, concatenated, reshaped", () => {
  agree(
    { a: array([4, 5, 6]) },
    withGradients(({ a }) => a!.transpose([2, 0, 1]).exp()),
  );
  agree(
    { a: array([4, 5, 6]) },
    withGradients(({ a }) => a!.transpose([2, 0, 1]).reshape([6, 20]).mul(3)),
  );
  agree(
    { a: array([7, 9]) },
    withGradients(({ a }) => a!.slice([1, 2], [6, 9], [2, 3]).square()),
  );
  agree(
    { a: array([3, 4]) },
    withGradients(({ a }) =>
      a!
        .pad(
          [
            [1, 2],
            [0, 3],
          ],
          0.5,
        )
        .mul(a!.sum()),
    ),
  );
  agree(
    { a: array([3, 4]), b: array([3, 2]) },
    withGradients(({ a, b }) => concat([a!, b!, a!], 1).square()),
  );
  agree(
    { a: array([2, 3, 4]) },
    withGradients(({ a }) => a!.sum(1, true).sub(a!).expandDims(0).squeeze(0)),
  );
});

test("numbers that JSON cannot write stay apart, and zero keeps its sign", () => {
  // Equal values become one value of the plan: these are not equal.
  agree({ a: array([2]) }, ({ a }) => ({
    up: a!.pad([[1, 0]], Infinity),
    down: a!.pad([[1, 0]], -Infinity),
    none: a!.pad([[1, 0]], NaN),
    zero: tensor(1).div(a!.pad([[1, 0]], 0)),
    minus: tensor(1).div(a!.pad([[1, 0]], -0)),
  }));
  agree({ a: array([2], () => -0) }, ({ a }) => ({
    add: tensor(1).div(a!.add(0)),
    addMinus: tensor(1).div(a!.add(-0)),
    sub: tensor(1).div(a!.sub(0)),
    subMinus: tensor(1).div(a!.sub(-0)),
  }));
  // 2⁻¹⁴⁹ is a float32, 2¹⁴⁹ is not.
  agree({ a: array([2], (i) => i * 2 ** -140) }, ({ a }) => ({ y: a!.div(2 ** -149) }));
  agree({}, () => ({ y: full([0], Infinity).sum() }));
});

test("matrix products in every position", () => {
  agree(
    { a: array([5, 7]), b: array([7, 3]) },
    withGradients(({ a, b }) => a!.matmul(b!)),
  );
  agree(
    { a: array([7, 5]), b: array([3, 7]) },
    withGradients(({ a, b }) => a!.transpose().matmul(b!.transpose())),
  );
  agree(
    { a: array([2, 5, 7]), b: array([2, 7, 3]) },
    withGradients(({ a, b }) => a!.matmul(b!)),
  );
  agree(
    { a: array([2, 5, 7]), b: array([7, 3]) },
    withGradients(({ a, b }) => a!.matmul(b!)),
  );
  agree(
    { a: array([7]), b: array([7, 3]) },
    withGradients(({ a, b }) => a!.matmul(b!)),
  );
  agree(
    { a: array([0, 7]), b: array([7, 3]) },
    withGradients(({ a, b }) => a!.matmul(b!)),
  );
});

test("indices", () => {
  const ids = tensor(Int32Array.of(2, 0, 2, 1));
  agree(
    { a: array([3, 5]) },
    withGradients(({ a }) => a!.gather(ids)),
  );
  agree(
    { a: array([4, 3]) },
    withGradients(({ a }) => a!.takeAlong(ids.reshape([4, 1]), 1)),
  );
  agree({ a: array([4, 3]) }, ({ a }) => ({
    hot: a!.argMax(1).oneHot(3),
    low: a!.argMin(0),
    at: arange(5).mul(2).remainder(3),
  }));
});

test("convolutions and pools", () => {
  for (const options of [
    {},
    { strides: 2 },
    { padding: "same" },
    {
      dilation: 2,
      padding: [
        [1, 0],
        [2, 1],
      ],
    },
    { groups: 2 },
  ] as const)
    agree(
      { x: array([2, 9, 8, 4]), w: array([3, 2, "groups" in options ? 2 : 4, 6]) },
      withGradients(({ x, w }) => conv2d(x!, w!, options)),
    );
  for (const [window, options] of [
    [2, {}],
    [[3, 2], { strides: 2 }],
    [3, { strides: 1, padding: "same" }],
    [2, { padding: 1 }],
  ] as const) {
    agree(
      { x: array([2, 7, 8, 5]) },
      withGradients(({ x }) => maxPool2d(x!, window, options)),
    );
    agree({ x: array([2, 7, 8, 5]) }, ({ x }) => ({
      y: maxPool2d(x!, window, options),
      at: argMaxPool2d(x!, window, options),
    }));
    agree(
      { x: array([2, 7, 8, 5]) },
      withGradients(({ x }) => avgPool2d(x!, window, options)),
    );
  }
  // Each output looks at one channel.
  for (const options of [
    {},
    { padding: "same" as const },
    { strides: [2, 3] as const, padding: "same" as const },
    { dilation: 2 },
  ])
    agree(
      { x: array([2, 9, 8, 6]), w: array([3, 2, 1, 6]) },
      withGradients(({ x, w }) => conv2d(x!, w!, { ...options, groups: 6 })),
    );
  // Higher-order gradients.
  agree(
    { x: array([1, 6, 6, 2]), w: array([3, 3, 2, 3]) },
    ({ x, w }) =>
      gradients(
        gradients(maxPool2d(conv2d(x!, w!).tanh(), 2).square().sum(), { x: x!, w: w! })
          .w.square()
          .sum(),
        { x: x!, w: w! },
      ),
    1e-5,
  );
});

test("a label that is no class is an error, not a wrong number", () => {
  const program = engine.compile(
    (state, { x, at }) => ({ state, outputs: { y: x.takeAlong(at, 1) } }),
    {},
    { x: { shape: [2, 3] }, at: { shape: [2, 1], dtype: "int32" } },
  );
  expect(() => program.step({ x: [1, 2, 3, 4, 5, 6], at: [0, 3] })).toThrow(
    "takeAlong: expected indices below 3, the size of the axis, got 3",
  );
});

test("random numbers are the reference engine's, bit for bit", () => {
  for (const n of [0, 1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 4095, 4096, 4097, 10000]) {
    const both = [engine, reference()].map(
      (e) =>
        e
          .compile(
            (state, { seed, step }) => ({ state, outputs: { u: uniform([n], seed, step, -77) } }),
            {},
            { seed: { shape: [], dtype: "int32" }, step: { shape: [], dtype: "int32" } },
          )
          .step({ seed: 5, step: 9 }).u.data,
    );
    expect([...both[0]!]).toEqual([...both[1]!]);
  }
});

test("training an MLP with Adam goes the reference engine's way, and state is replaced in place", () => {
  const start = {
    params: {
      w1: array([12, 8]),
      b1: array([8], () => 0),
      w2: array([8, 3]),
      b2: array([3], () => 0),
    },
    m: {
      w1: array([12, 8], () => 0),
      b1: array([8], () => 0),
      w2: array([8, 3], () => 0),
      b2: array([3], () => 0),
    },
    v: {
      w1: array([12, 8], () => 0),
      b1: array([8], () => 0),
      w2: array([8, 3], () => 0),
      b2: array([3], () => 0),
    },
  };
  type State = Record<keyof typeof start, Record<string, Tensor>>;
  const step = (state: State, { x, y, t, seed }: Record<string, Tensor>) => {
    const { params, m, v } = state;
    const moment = pass({ params, training: { seed: seed!, step: t! } });
    const h = x!.matmul(params["w1"]!).add(params["b1"]!).relu();
    const kept = where(moment.uniform(h.shape).greaterEqual(0.25), h.div(0.75), 0);
    const logits = kept.matmul(params["w2"]!).add(params["b2"]!);
    const loss = logits.logSoftmax().mul(y!.oneHot(3)).sum(1).mean().neg();
    const g = gradients(loss, params);
    const at = clock(t!);
    const next: State = { params: {}, m: {}, v: {} };
    for (const name of Object.keys(params)) {
      const m1 = (next.m[name] = m[name]!.mul(0.9).add(g[name]!.mul(0.1)));
      const v1 = (next.v[name] = v[name]!.mul(0.999).add(g[name]!.square().mul(0.001)));
      const [c1, c2] = [at.value((s) => 1 - 0.9 ** (s + 1)), at.value((s) => 1 - 0.999 ** (s + 1))];
      next.params[name] = params[name]!.sub(
        m1.div(c1).div(v1.div(c2).sqrt().add(1e-8)).mul(at.value(0.01)),
      );
    }
    return { state: next, outputs: { loss } };
  };
  const inputs = {
    x: { shape: [6, 12] },
    y: { shape: [6], dtype: "int32" },
    t: { shape: [], dtype: "int32" },
    seed: { shape: [], dtype: "int32" },
  } as const;
  const [ours, theirs] = [engine, reference()].map(
    (e) =>
      e.compile(step as never, start as never, inputs) as never as ReturnType<
        typeof engine.compile<typeof start, typeof inputs, { loss: Tensor }>
      >,
  );
  for (let t = 0; t < 30; t++) {
    const feed = { x: array([6, 12], (i) => Math.sin(i * t)), y: [0, 1, 2, 0, 1, 2], t, seed: 3 };
    const [a, b] = [ours!.step(feed), theirs!.step(feed)];
    expect(a.loss.data[0]).toBeCloseTo(b.loss.data[0]!, 4);
  }
  const [a, b] = [
    leaves<NDArray>(ours!.state() as never),
    leaves<NDArray>(theirs!.state() as never),
  ];
  a.forEach(([path, x], i) =>
    x.data.forEach((value, k) => expect(value, path).toBeCloseTo(b[i]![1].data[k]!, 3)),
  );
  // Nothing of the state is copied: every step writes where it read.
  expect(
    (ours as unknown as { plan: { steps: { label: string }[] } }).plan.steps.filter(
      ({ label }) => label === "copy of state",
    ),
  ).toEqual([]);
});

test("a program explains itself, and its state stays", () => {
  const program = engine.compile(
    ({ w }, { x }) => ({ state: { w: w.add(x.matmul(w).tanh().mean()) }, outputs: {} }),
    { w: array([8, 8]) },
    { x: { shape: [4, 8] } },
  );
  const before = program.state();
  const lines = engine.explain(program, { x: array([4, 8]) }).split("\n");
  expect(program.state()).toEqual(before);
  expect(lines[0]).toMatch(/^makes +kernel +ops +items +KB +MFLOP +ms +share +GFLOP\/s$/);
  expect(lines.filter((line) => line.includes("gemm/1x4x8x8/nn"))).toHaveLength(1);
  // of the tanh, never stored
  expect(lines.find((line) => line.startsWith("sum"))).toMatch(/^sum +sum 0 \[32\] +2 /);
  expect(
    lines.some((line) => /^\d+ kernels do \d+ operations: [\d.]+ MFLOP in [\d.]+ ms/.test(line)),
  ).toBe(true);
});

test("a program that cannot explain itself keeps its state, and says why", () => {
  const table = { shape: [3, 2], dtype: "float32", data: new Float32Array(6) } as const;
  const program = engine.compile(
    ({ s }: { s: Tensor }, { i }: { i: Tensor }) => ({
      state: { s: s.add(1) },
      outputs: { y: tensor(table.data, [3, 2]).gather(i).add(s) },
    }),
    { s: array([1], () => 0) },
    { i: { shape: [1], dtype: "int32" } },
  );
  expect(() => engine.explain(program as never, { i: Int32Array.of(7) })).toThrow(
    "gather: expected indices below 3, the size of the axis, got 7",
  );
  expect([...program.state().s.data]).toEqual([0]);
});

test("states may swap, share a value, or stay", () => {
  const start = { a: array([3]), b: array([3], (i) => i), c: array([3]), d: array([3]) };
  const step = ({ a, b, d }: Record<string, Tensor>) => ({
    state: { a: b!, b: a!, c: a!.add(b!), d: d! },
    outputs: { old: a!, sum: a!.add(b!) },
  });
  const [ours, theirs] = [engine, reference()].map(
    (e) =>
      e.compile(step as never, start as never, {}) as never as {
        step(x: object): Record<string, NDArray>;
        state(): Record<string, NDArray>;
      },
  );
  for (let t = 0; t < 3; t++) expect(ours!.step({})).toEqual(theirs!.step({}));
  expect(ours!.state()).toEqual(theirs!.state());
});

test("feeds and states are checked", () => {
  const program = engine.compile(
    (state, { x }) => ({ state, outputs: { y: x.add(1) } }),
    { w: array([2]) },
    { x: { shape: [2] } },
  );
  expect(() => program.step({} as never)).toThrow("step: expected x (float32 [2]), got nothing");
  expect(() => program.step({ x: [1, 2, 3] })).toThrow(
    "step: expected x (float32 [2]), got 3 values",
  );
  expect(() =>
    program.step({ x: { shape: [2], dtype: "float32", data: Float32Array.of(1) } }),
  ).toThrow("step: expected x (float32 [2]), got 1 values");
  expect(() => program.step({ x: 1 })).toThrow("step: expected x (float32 [2]), got 1 values");
  expect(() => program.load({ w: array([3]) })).toThrow("w: expected float32 [2], got float32 [3]");
  expect(() => program.load({ v: array([2]) } as never)).toThrow("missing w; unexpected v");
});

const activations: Record<string, (x: Tensor) => Tensor> = {
  relu: (x) => x.relu(),
  tanh: (x) => x.tanh(),
  above: (x) => x.maximum(0.2),
  plain: (x) => x,
};
test("a batch norm behind a convolution, with its gradients, under pools that do and do not cover the image", () => {
  for (const [size, window] of [
    [8, 2],
    [7, 2],
    [9, 3],
  ] as const)
    agree(
      {
        x: array([3, size, size, 2]),
        w: array([3, 3, 2, 5]),
        gamma: array([5], (i) => 1 + i / 5),
        beta: array([5]),
      },
      withGradients(({ x, w, gamma, beta }) => {
        const z = conv2d(x!, w!, { padding: "same" });
        const centred = z.sub(z.mean([0, 1, 2]));
        const deviation = centred.square().mean([0, 1, 2]).add(1e-3).sqrt();
        return maxPool2d(centred.mul(gamma!.div(deviation)).add(beta!).relu(), window);
      }),
      1e-5,
    );
});

test("a convolution under a max pool, with its gradients, for windows of any shape", () => {
  for (const [window, options] of [
    [[2, 2], {}],
    [[2, 2], { padding: "same" }],
    [[3, 1], { padding: "same", strides: 2 }],
    [[1, 3], {}],
    [[2, 3], { dilation: 2 }],
  ] as const)
    agree(
      { x: array([3, 11, 10, 4]), w: array([3, 3, 4, 6]), b: array([6]) },
      withGradients(({ x, w, b }) =>
        maxPool2d(conv2d(x!, w!, options).add(b!).relu(), [...window]),
      ),
      1e-5,
    );
});

test("products with many zeros, and their gradients", () => {
  agree(
    { x: array([40, 64], (i) => (i % 7 === 0 ? Math.sin(i) : 0)), w: array([64, 36]) },
    withGradients(({ x, w }) => x!.matmul(w!).relu()),
  );
});

test("what looks like a value minus its mean, but is not, is summed as it is", () => {
  const four = { x: array([4, 4, 2]), a: array([4, 4, 2], (i) => Math.cos(i)) };
  agree(
    { x: array([8, 4]), a: array([8, 4], (i) => Math.cos(i)) },
    withGradients(({ x, a }) => a!.add(x!.sub(x!.mean(0).slice([1], [2]))).sum(0)),
  );
  agree(
    four,
    withGradients(({ x, a }) => a!.add(x!.sub(x!.mean(2).transpose().expandDims(2))).sum(2)),
  );
  // The same under a pool, where sums are taken over windows.
  for (const mean of [
    (x: Tensor) => x.mean([0, 1, 2]),
    (x: Tensor) => x.mean([0, 1, 2]).slice([1], [2]),
    (x: Tensor) => x.transpose([3, 1, 2, 0]).mean([1, 2, 3]),
    (x: Tensor) => x.mean([1, 2]).mean(0),
  ]) {
    agree(
      { x: array([2, 4, 4, 4]), k: array([4]) },
      ({ x, k }) => {
        const y = maxPool2d(x!.mul(k!).relu(), 2);
        const { x: g } = gradients(y.square().sum(), { x: x! });
        return {
          sum: g
            .mul(k!)
            .add(x!.sub(mean(x!)).mul(k!))
            .sum([0, 1, 2]),
          other: g
            .mul(x!.sub(mean(x!)))
            .neg()
            .sum([0, 1, 2]),
        };
      },
      1e-5,
    );
  }
  // What a factor keeps finite stays so.
  agree({ x: array([8, 2], () => 3e38), k: array([2], () => 1e-10) }, ({ x, k }) => ({
    y: x!.mul(k!).sum(0),
  }));
});

test("state that a convolution reads is not replaced while its images are passed on", () => {
  const start = { w: array([3, 3, 4, 4]) };
  const inputs = {
    a: array([3, 3, 4, 4], (i) => Math.cos(i)),
    x: array([3, 3, 4, 4], (i) => Math.sin(2 * i)),
  };
  const [ours, theirs] = [engine, reference()].map((e) => {
    const program = e.compile(
      (state: { w: Tensor }, { a, x }: { a: Tensor; x: Tensor }) => {
        const { a: g } = gradients(maxPool2d(a, [3, 2]).square().sum(), { a });
        return { state: { w: g.mul(conv2d(x, state.w, { padding: "same" })) }, outputs: {} };
      },
      start,
      inputs,
    );
    program.step(inputs as never);
    return program.state().w.data as Float32Array;
  }) as [Float32Array, Float32Array];
  ours.forEach((x, i) => expect(x).toBeCloseTo(theirs[i]!, 4));
});

test("values that are used again and again in front of a pool are planned once", () => {
  const deep = (x: Tensor): Tensor =>
    Array.from({ length: 40 }).reduce<Tensor>((h) => h.mul(h.sigmoid()), x);
  agree(
    { x: array([2, 6, 6, 4]), k: array([4]) },
    ({ x, k }) => {
      const loss = maxPool2d(deep(x!).mul(k!), 2).square().sum();
      return { loss, ...gradients(loss, { x: x!, k: k! }) };
    },
    1e-4,
  );
});

test("sums of products with what is the same along them, of what is centred, and gradients of such gradients", () => {
  agree(
    { a: array([4, 6, 5]), k: array([5]) },
    withGradients(({ a, k }) =>
      a!
        .mul(k!)
        .sum([0, 1])
        .mul(
          a!
            .mul(k!.neg())
            .neg()
            .add(a!.sub(a!.mean([0, 1])))
            .sum([0, 1]),
        ),
    ),
  );
  agree(
    { a: array([6, 5]), k: array([5]) },
    ({ a, k }) => {
      const f = (x: Tensor): Tensor => {
        const c = x.sub(x.mean(0));
        return c.mul(k!).tanh().mul(c.square().mean(0).add(0.1)).mul(x).sum();
      };
      const { a: first } = gradients(f(a!.tanh()), { a: a! });
      return { first, ...gradients(first.square().sum(), { second: a!, other: k! }) };
    },
    1e-5,
  );
});

test("max pools behind an activation, and their gradients, agree for any window, stride and padding", () => {
  const small = (min: number, max: number) => fc.integer({ min, max });
  fc.assert(
    fc.property(
      fc.record({
        shape: fc.tuple(small(0, 3), small(1, 7), small(1, 7), small(1, 9)),
        window: fc.tuple(small(1, 3), small(1, 3)),
        strides: fc.tuple(small(1, 3), small(1, 3)),
        same: fc.boolean(),
        kind: fc.constantFrom(...Object.keys(activations)),
        bias: fc.constantFrom("channel", "number", "image"),
      }),
      ({ shape: [n, h, w, c], window, strides, same, kind, bias }) => {
        fc.pre(same || (window[0] <= h && window[1] <= w));
        const x = array([n, h, w, c], (i) => Math.sin(i * 1.7) + 0.1);
        const b = array({ channel: [c], number: [], image: [n, 1, 1, 1] }[bias]!, (i) =>
          Math.cos(i),
        );
        agree(
          { x, b },
          ({ x, b }) => {
            const y = maxPool2d(activations[kind]!(x!.add(b!)), window, {
              strides,
              padding: same ? "same" : "valid",
            });
            return { y, ...gradients(y.square().sum(), { dx: x!, db: b! }) };
          },
          1e-5,
          0.1,
        );
      },
    ),
    { numRuns: 200 },
  );
});

/** Random records: each new value is made of those before it. */
const shapes = [[], [1], [5], [3, 5], [3, 1], [2, 3, 5], [0, 5]] as const;
test("random records agree", () => {
  const choice = fc.record({ op: fc.nat(15), a: fc.nat(100), b: fc.nat(100) });
  fc.assert(
    fc.property(
      fc.array(fc.nat(shapes.length - 1), { minLength: 1, maxLength: 3 }),
      fc.array(choice, { minLength: 1, maxLength: 25 }),
      (first, choices) => {
        const inputs = Object.fromEntries(
          first.map((s, i) => [`x${i}`, array([...shapes[s]!], (k) => Math.sin(k + i) * 1.5)]),
        );
        agree(
          inputs,
          (x) => {
            const values: Tensor[] = Object.values(x);
            for (const { op, a, b } of choices) {
              const [p, q] = [values[a % values.length]!, values[b % values.length]!];
              const binary = (f: (p: Tensor, q: Tensor) => Tensor): Tensor => {
                try {
                  return f(p, q);
                } catch {
                  return f(p, p);
                }
              };
              values.push(
                [
                  () => binary((s, t) => s.add(t)),
                  () => binary((s, t) => s.sub(t)),
                  () => binary((s, t) => s.mul(t)),
                  () => binary((s, t) => s.maximum(t)),
                  () => p.tanh(),
                  () => p.sigmoid(),
                  () => p.neg(),
                  () => p.relu(),
                  () => p.sum(),
                  () => (p.shape.length > 0 ? p.sum(0) : p),
                  () => (p.shape.length > 0 ? p.mean(-1, true) : p),
                  () => p.transpose(),
                  () =>
                    p.reshape(
                      [
                        -1,
                        ...(p.shape.length > 0 && sizeOf(p.shape) > 0 ? [p.shape[0]!] : []),
                      ].slice(0, sizeOf(p.shape) > 0 ? 2 : 1),
                    ),
                  // no jumps: a rounding error would become a large one
                  () => binary((s, t) => where(s.greater(t), s, t)),
                  () => (p.shape.length > 0 ? p.slice([1]) : p.add(1)),
                  () => p.tanh().mul(full([], 0.5)).add(p.abs()),
                ][op]!(),
              );
              const last = values[values.length - 1]!;
              if (last.dtype !== "float32") values[values.length - 1] = last.cast("float32");
            }
            return Object.fromEntries(values.slice(-4).map((y, i) => [`y${i}`, y]));
          },
          1e-5,
          0.1,
        );
      },
    ),
    { numRuns: 300 },
  );
});

test.each<[string, Record<string, readonly number[]>, (x: Record<string, Tensor>) => Tensor]>([
  [
    "the first 2 of 4 images",
    { x: [4, 5, 5, 4], w: [3, 3, 4, 8] },
    ({ x, w }) => conv2d(x!, w!).slice([0, 0, 0, 0], [2, 3, 3, 8]).mul(2),
  ],
  [
    "the first 32 of 64 images",
    { x: [64, 5, 5, 4], w: [3, 3, 4, 8] },
    ({ x, w }) => conv2d(x!, w!).slice([0, 0, 0, 0], [32, 3, 3, 8]).relu(),
  ],
  [
    "the first image",
    { x: [4, 6, 6, 4], w: [1, 1, 4, 8] },
    ({ x, w }) => conv2d(x!, w!).slice([0, 0, 0, 0], [1, 6, 6, 8]).mul(2),
  ],
  [
    "upper rows, pooled",
    { x: [4, 8, 8, 4], w: [3, 3, 4, 8] },
    ({ x, w }) => maxPool2d(conv2d(x!, w!).slice([0, 0, 0, 0], [4, 4, 6, 8]), 2),
  ],
  [
    "the first 2 of 4 images, pooled",
    { x: [4, 8, 8, 4], w: [3, 3, 4, 8] },
    ({ x, w }) => maxPool2d(conv2d(x!, w!).slice([0, 0, 0, 0], [2, 6, 6, 8]), 2),
  ],
])("what a convolution makes is read in part: %s", (_, shapes, f) => {
  agree(
    Object.fromEntries(Object.entries(shapes).map(([name, shape]) => [name, array(shape)])),
    (x) => ({ y: f(x) }),
    1e-5,
  );
});
