import type { ByPath, Shape, Transform } from "@tenon/contracts";
import { expectClose } from "@tenon/testkit";
import { afterEach, describe, expect, test, vi } from "vitest";
import * as o from "../../index.js";
import type { Parameter } from "./arguments.js";
import { graph } from "./graph.js";
import { plan } from "./plan.js";
import { vectors } from "./vectors.js";

const sines = (length: number, seed: number): Float32Array =>
  Float32Array.from({ length }, (_, i) => Math.sin(12.9898 * (i + 1) + 78.233 * seed) * 2);
const size = (shape: Shape): number => shape.reduce((n, length) => n * length, 1);
const paramsOf = (shapes: ByPath<Shape>): Record<string, { shape: Shape; data: Float32Array }> =>
  Object.fromEntries(
    Object.entries(shapes).map(([path, shape], i) => [
      path,
      { shape, data: sines(size(shape), i) },
    ]),
  );
const gradientsAt = (shapes: ByPath<Shape>, step: number): ByPath<Parameter> =>
  Object.fromEntries(
    Object.entries(shapes).map(([path, shape], i) => [
      path,
      { shape, data: sines(size(shape), 10 + step * 7 + i) },
    ]),
  );

afterEach(() => vi.unstubAllGlobals());

/** An optimizer that was created where there is no WebAssembly. */
function interpreted(transform: Transform, params: ByPath<Parameter>): o.ArraysOptimizer {
  vi.stubGlobal("WebAssembly", undefined);
  const optimizer = o.onArrays(transform, params);
  vi.unstubAllGlobals();
  return optimizer;
}

/**
 * An optimizer whose vectors were compiled; fails otherwise, since `onArrays` would run without
 * them.
 */
function compiled(transform: Transform, params: ByPath<Parameter>): o.ArraysOptimizer {
  const { Module, Memory, Instance, validate } = WebAssembly;
  const valid: boolean[] = [];
  vi.stubGlobal("WebAssembly", {
    Memory,
    Instance,
    Module: function (bytes: Uint8Array<ArrayBuffer>) {
      valid.push(validate(bytes));
      return new Module(bytes);
    },
  });
  const optimizer = o.onArrays(transform, params);
  vi.unstubAllGlobals();
  expect(valid).toEqual([true]);
  return optimizer;
}

/** Steps with and without vectors give the same values. */
function expectAgreement(transform: Transform, shapes: ByPath<Shape>, steps = 5): void {
  const fastParams = paramsOf(shapes);
  const slowParams = paramsOf(shapes);
  const fast = compiled(transform, fastParams);
  const slow = interpreted(transform, slowParams);
  for (let step = 0; step < steps; step++) {
    const gradients = gradientsAt(shapes, step);
    fast.step(gradients);
    slow.step(gradients);
    for (const path of Object.keys(shapes))
      expectClose(
        fastParams[path]!.data,
        slowParams[path]!.data,
        3e-6,
        `${path} after step ${step}`,
      );
  }
  const { slots } = slow.state();
  const got = fast.state();
  for (const [slot, byPath] of Object.entries(slots))
    for (const path of Object.keys(byPath))
      expectClose(got.slots[slot]![path]!.data, byPath[path]!.data, 3e-6, `${slot} of ${path}`);
  const restored = interpreted(transform, paramsOf(shapes));
  restored.load(got);
  expect(restored.state()).toEqual(got);
}

const rate = (step: number): number => 0.1 / (step + 1);
const transforms: Readonly<Record<string, () => Transform>> = {
  sgd: () => o.sgd({ learningRate: rate }),
  momentum: () => o.momentum({ dampening: 0.1 }),
  nesterov: () => o.nesterov(),
  adagrad: () => o.adagrad(),
  rmsprop: () => o.rmsprop({ centered: true, momentum: 0.5 }),
  "rmsprop with a root": () => o.rmsprop({ eps: 0, epsRoot: 1e-7, rateInside: true }),
  adam: () => o.adam({ learningRate: rate }),
  "adam, ε̂": () => o.adam({ epsHat: true }),
  amsgrad: () => o.adam({ amsgrad: true }),
  "amsgrad, corrected": () => o.adam({ amsgrad: "corrected" }),
  nadam: () => o.adam({ nesterov: true, epsRoot: 1e-6 }),
  adamw: () => o.adamw({ weightDecay: 0.01 }),
  adadelta: () => o.adadelta(),
  adamax: () => o.adamax(),
  "adamax, ε outside": () => o.chain(o.scaleByAdamax({ epsOutside: true }), o.scale(-0.1)),
  radam: () => o.radam(),
  lion: () => o.lion(),
  adabelief: () => o.adabelief(),
  yogi: () => o.yogi(),
  lamb: () => o.lamb({ weightDecay: 0.01 }),
  "clipped values": () => o.chain(o.clipByValue(0.5), o.sgd()),
  "a clipped norm": () => o.chain(o.clipByNorm(0.5), o.adam()),
  "a clipped norm of all": () => o.chain(o.clipByGlobalNorm(0.5, { form: "tutorial" }), o.adam()),
  "the norm of order 1": () => o.chain(o.clipByGlobalNorm(0.5, { order: 1 }), o.momentum()),
  normalized: () => o.chain(o.normalizedGradient(), o.scaleByLearningRate(rate)),
  centralized: () => o.chain(o.centralize(), o.adam()),
  masked: () =>
    o.chain(
      o.masked(o.trace(), (path) => path === "w"),
      o.scale(-0.1),
    ),
  signs: () => o.chain(o.scaleBySign(), o.scale(-0.1)),
};

describe("vectors compute what the interpreter computes", () => {
  test.each(Object.entries(transforms))("%s", (_, make) =>
    expectAgreement(make(), { w: [3, 41], b: [50], single: [1] }),
  );

  test.each([0, 1, 3, 5, 47, 48, 49, 55, 63, 64, 65, 511, 1023, 16383, 16384, 16385, 32768, 40001])(
    "%i elements",
    (length) => {
      expectAgreement(o.chain(o.clipByGlobalNorm(0.5), o.adam()), { w: [length], b: [70] }, 2);
    },
  );

  test("slots that start as their parameter, and are exchanged", () => {
    const exchanging: Transform = {
      name: "exchanging",
      slots: (shapes) => ({
        "exchanging/p": Object.fromEntries(
          Object.entries(shapes).map(([path, shape]) => [path, { shape, start: "parameter" }]),
        ),
        "exchanging/q": Object.fromEntries(
          Object.entries(shapes).map(([path, shape]) => [path, { shape, start: 0.5 }]),
        ),
      }),
      update: ({ updates, params, slots: { "exchanging/p": p, "exchanging/q": q } }) => ({
        updates: Object.fromEntries(
          Object.entries(updates).map(([path, g]) => [path, g.mul(p![path]!)]),
        ),
        params,
        slots: { "exchanging/p": q!, "exchanging/q": p! },
      }),
    };
    expectAgreement(exchanging, { w: [700] });
  });
});

describe("vectors", () => {
  const adamOf = (w: Parameter): o.ArraysOptimizer => o.onArrays(o.adam(), { w });

  test("NaN, infinities and zeros of either sign give the same results", () => {
    const odd = Float32Array.from(
      { length: 64 },
      (_, i) => [NaN, Infinity, -Infinity, 0, -0, 1, -1, 1e-30][i % 8]!,
    );
    for (const transform of [
      o.chain(o.scaleBySign()),
      o.chain(o.clipByValue(0.5)),
      o.chain(o.scale(-1)),
    ]) {
      const fast = { w: new Float32Array(64) };
      const slow = { w: new Float32Array(64) };
      o.onArrays(transform, fast).step({ w: odd });
      interpreted(transform, slow).step({ w: odd });
      expect(fast).toEqual(slow);
    }
  });

  test("rates and gradients that do not fit float32 are left to the interpreter", () => {
    const transform = o.momentum({ learningRate: (step) => [0.1, 1e-42, 0.2][step]! });
    const fastParams = { w: sines(100, 1) };
    const slowParams = { w: sines(100, 1) };
    const fast = o.onArrays(transform, fastParams);
    const slow = interpreted(transform, slowParams);
    for (const gradient of [
      sines(100, 2),
      sines(100, 3),
      Float64Array.from(sines(100, 4), (x) => x + 1e-9),
    ]) {
      fast.step({ w: gradient });
      slow.step({ w: gradient });
      expectClose(fastParams.w, slowParams.w, 1e-6, "w");
    }
  });

  test("a parameter is the gradient of another, and gradients are other arrays in each step", () => {
    const v = sines(20_000, 1);
    const w = sines(20_000, 2);
    const before = [v.slice(), w.slice()] as const;
    o.onArrays(o.sgd({ learningRate: 0.5 }), { v, w }).step({ v: w, w: v });
    expect(v).toEqual(before[0].map((x, i) => x - 0.5 * before[1][i]!));
    expect(w).toEqual(before[1].map((x, i) => x - 0.5 * before[0][i]!));
  });

  test("where WebAssembly is forbidden or missing, steps are the same", () => {
    const step = (): Float32Array => {
      const w = sines(1000, 1);
      adamOf(w).step({ w: sines(1000, 2) });
      return w;
    };
    vi.stubGlobal("WebAssembly", undefined);
    const without = step();
    vi.stubGlobal("WebAssembly", {
      Module: function () {
        throw new EvalError("forbidden by the page");
      },
    });
    expect(step()).toEqual(without);
    vi.unstubAllGlobals();
    expectClose(step(), without, 1e-6, "w");
  });

  test("are used for long arrays of float32, and only for them", () => {
    const planned = (data: Float32Array | Float64Array) => {
      const { array } = graph();
      const g = array(0, [data.length]);
      const w = array(1, [data.length]);
      const step = plan([{ node: w.add(g.mul(-0.1)), array: 1 }], 2);
      const arrays = [data.slice().fill(1), data];
      return { step, arrays, compiled: vectors(step, arrays, 2) };
    };
    const { step, arrays, compiled } = planned(new Float32Array(1000));
    const loop = step.stages[0]!.loops[0]!;
    const scalars = new Float64Array(step.scalars).fill(-0.5);
    expect(compiled!.run(loop, scalars, arrays)).toBe(true);
    expect(arrays[1]).toEqual(new Float32Array(1000).fill(-0.5));
    expect(compiled!.run(loop, scalars, [new Float64Array(1000), arrays[1]!])).toBe(false);
    expect(planned(new Float32Array(10)).compiled).toBeUndefined();
    expect(planned(new Float64Array(1000)).compiled).toBeUndefined();
  });
});
