import type { Transform } from "@tenon/contracts";
import { describe, expect, test } from "vitest";
import {
  adam,
  chain,
  clipByGlobalNorm,
  momentum,
  onArrays,
  scaleByLearningRate,
  sgd,
} from "./index.js";
import { transformOf } from "./internal/testing/transformOf.js";

describe("onArrays", () => {
  test("changes the arrays of the caller, and rounds a Float32Array once", () => {
    const w = Float32Array.of(1, 2);
    onArrays(sgd({ learningRate: 0.1 }), { w }).step({ w: Float32Array.of(1, -1) });
    expect([...w]).toEqual([Math.fround(1 - 0.1), Math.fround(2 + 0.1)]);
  });

  test("accepts gradients of either type, and a parameter as a gradient", () => {
    const w = Float32Array.of(4, -2);
    const v = Float32Array.of(1, 1);
    const optimizer = onArrays(sgd({ learningRate: 0.5 }), { v, w });
    optimizer.step({ w: Float64Array.of(4, -2), v: w }); // of w²/2, and of v·w with respect to v
    expect([[...w], [...v]]).toEqual([
      [2, -1],
      [-1, 2],
    ]);
    optimizer.step({ w: v, v: w }); // each other's, as they were before the step
    expect([[...w], [...v]]).toEqual([
      [2.5, -2],
      [-2, 2.5],
    ]);
  });

  test("the rate may depend on the step", () => {
    const w = new Float64Array(1);
    const optimizer = onArrays(sgd({ learningRate: (step) => step + 1 }), { w });
    for (let step = 0; step < 3; step++) optimizer.step({ w: Float64Array.of(1) });
    expect([...w]).toEqual([-6]);
    expect(optimizer.steps).toBe(3);
  });

  test("a resumed optimizer computes what an uninterrupted one does, bit for bit, through JSON", () => {
    const transform = chain(
      clipByGlobalNorm(1),
      adam({ learningRate: (step) => 0.1 / (step + 1), amsgrad: true }),
    );
    const afterSteps = (
      steps: number,
      params: { w: Float32Array },
      optimizer = onArrays(transform, params),
    ) => {
      for (let step = 0; step < steps; step++)
        optimizer.step({ w: Float32Array.from(params.w, (x, i) => x - i) });
      return optimizer;
    };
    const uninterrupted = { w: Float32Array.of(3, 1, 2) };
    afterSteps(10, uninterrupted);
    const first = { w: Float32Array.of(3, 1, 2) };
    const text = JSON.stringify(afterSteps(4, first).state(), (_, value: unknown) =>
      ArrayBuffer.isView(value) ? Array.from(value as Float32Array) : value,
    );
    const second = onArrays(transform, first);
    second.load(JSON.parse(text) as never);
    afterSteps(6, first, second);
    expect([...first.w]).toEqual([...uninterrupted.w]);
  });

  test("a state is named by transform and path, and is a copy", () => {
    const optimizer = onArrays(adam(), {
      "dense/kernel": { shape: [1, 2], data: new Float32Array(2) },
    });
    const state = optimizer.state();
    expect(state.step).toBe(0);
    expect(Object.keys(state.slots)).toEqual(["scaleByAdam/m", "scaleByAdam/v"]);
    expect(state.slots["scaleByAdam/m"]!["dense/kernel"]).toEqual({
      shape: [1, 2],
      dtype: "float32",
      data: new Float32Array(2),
    });
    optimizer.step({ "dense/kernel": Float32Array.of(1, 1) });
    expect([...state.slots["scaleByAdam/m"]!["dense/kernel"]!.data]).toEqual([0, 0]);
  });

  test("a state of another optimizer is refused, shows the difference, and changes nothing", () => {
    const w = new Float32Array(2);
    const optimizer = onArrays(adam(), { w });
    optimizer.step({ w: Float32Array.of(1, 2) });
    const before = optimizer.state();
    const other = onArrays(momentum(), { w: new Float32Array(2) }).state();
    expect(() => optimizer.load(other)).toThrow(
      /load: expected the state of this optimizer \(adam\)[\s\S]*missing: scaleByAdam\/m of "w" \[2\][\s\S]*unexpected: trace\/v of "w" \[2\]/,
    );
    const wider = onArrays(adam(), { w: new Float32Array(3) }).state();
    expect(() => optimizer.load(wider)).toThrow('shape: scaleByAdam/m of "w" is [3], expected [2]');
    expect(() => optimizer.load({ ...before, step: -1 })).toThrow(
      "step: expected a whole number ≥ 0, got -1",
    );
    expect(() =>
      optimizer.load({
        step: 1,
        slots: { ...before.slots, "scaleByAdam/v": { w: { shape: [2], data: [1] } } },
      }),
    ).toThrow('values: scaleByAdam/v of "w" has 1, expected 2');
    expect(optimizer.state()).toEqual(before);
  });

  test("gradients that do not fit are refused before anything changes", () => {
    const a = Float32Array.of(1);
    const b = Float32Array.of(1, 2);
    const optimizer = onArrays(sgd(), { a, b });
    expect(() => optimizer.step({ a })).toThrow('step: expected a gradient of "b", got none');
    expect(() => optimizer.step({ a, b: a })).toThrow(
      'step: expected the gradient of "b" to have 2 elements, got 1',
    );
    expect(() => optimizer.step({ a, b, c: a })).toThrow(
      'step: expected gradients of "a", "b", got also one of "c"',
    );
    expect(() => optimizer.step({ a, b: { shape: [1, 2], data: b } })).toThrow(
      'step: expected the gradient of "b" to have the shape [2], got [1, 2]',
    );
    expect(() => optimizer.step({ a, b: [1, 2] as never })).toThrow(
      'step: expected the gradient of "b" to be a Float32Array, a Float64Array or { shape, data }, got Array',
    );
    expect([[...a], [...b], optimizer.steps]).toEqual([[1], [1, 2], 0]);
  });

  test("parameters that are not arrays are refused", () => {
    expect(() => onArrays(sgd(), { w: [1, 2] as never })).toThrow(
      'onArrays: expected parameter "w" to be a Float32Array, a Float64Array or { shape, data }, got Array',
    );
    expect(() => onArrays(sgd(), { w: undefined as never })).toThrow("got Undefined");
    expect(() => onArrays(sgd(), { w: { shape: [3], data: new Float32Array(2) } })).toThrow(
      'onArrays: expected parameter "w" of shape [3] to have 3 elements, got 2',
    );
  });

  test("the error for a lost slot, or a changed shape, names the transform", () => {
    const forgetful: Transform = {
      ...adam(),
      name: "forgetful",
      update: ({ updates, params }) => ({ updates, params, slots: {} }),
    };
    expect(() => onArrays(forgetful, { w: new Float32Array(2) })).toThrow(
      'onArrays: expected forgetful to keep the shape [2] of slot "scaleByAdam/m" of "w", got nothing',
    );
    const sums = transformOf([], ({ g }) => ({ g: g!.sum([0], true).sum() }));
    // a scalar is repeated
    expect(() => onArrays(sums, { w: { shape: [2, 3], data: new Float32Array(6) } })).not.toThrow();
    const wrong = transformOf(["p"], ({ g }) => ({ g: g!, p: g!.sum() }));
    expect(() => onArrays(wrong, { w: new Float32Array(2) })).toThrow(
      'to keep the shape [2] of slot "rule/p" of "w", got []',
    );
  });

  test("without parameters a step does nothing", () => {
    const optimizer = onArrays(chain(clipByGlobalNorm(1), scaleByLearningRate(1)), {});
    optimizer.step({});
    expect(optimizer.steps).toBe(1);
  });

  test("NaN changes its own element only", () => {
    const w = Float32Array.of(1, 1);
    onArrays(adam(), { w }).step({ w: Float32Array.of(NaN, 1) });
    expect(w[0]).toBeNaN();
    expect(w[1]).toBeCloseTo(0.999, 6);
  });
});
