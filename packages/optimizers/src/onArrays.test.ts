import type { Arithmetic, ByPath, Clock, Flow, Shape, SlotSpec, Transform } from "@tenon/contracts";
import { expectClose } from "@tenon/testkit";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  adam,
  addDecayedWeights,
  chain,
  clipByGlobalNorm,
  clipByNorm,
  momentum,
  onArrays,
  rmsprop,
  scaleByLearningRate,
  sgd,
} from "./index.js";
import { eager } from "./internal/eager.js";

const numbers = (length: number, seed: number): Float64Array =>
  Float64Array.from({ length }, (_, i) => Math.sin(12.9898 * (i + 1) + 78.233 * seed) * 2);
const size = (shape: Shape): number => shape.reduce((n, length) => n * length, 1);

/** Steps both ways: recorded and run on arrays, and one operation at a time on plain numbers. */
function agrees(transform: Transform, shapes: ByPath<Shape>, steps = 4): void {
  const start = Object.fromEntries(
    Object.entries(shapes).map(([path, shape], i) => [
      path,
      { shape, data: numbers(size(shape), i) },
    ]),
  );
  const params = Object.fromEntries(
    Object.entries(start).map(([path, { shape, data }]) => [path, { shape, data: data.slice() }]),
  );
  const plainly = eager(transform, start);
  const optimizer = onArrays(transform, params);
  for (let step = 0; step < steps; step++) {
    const gradients = Object.fromEntries(
      Object.entries(shapes).map(([path, shape], i) => [
        path,
        { shape, data: numbers(size(shape), 10 + step * 7 + i) },
      ]),
    );
    plainly.step(gradients);
    optimizer.step(gradients);
    for (const path of Object.keys(shapes))
      expectClose(
        params[path]!.data,
        plainly.params[path]!.data,
        1e-12,
        `${path} after step ${step}`,
      );
  }
  const { slots } = optimizer.state();
  expect(Object.keys(slots)).toEqual(Object.keys(plainly.slots));
  for (const [slot, byPath] of Object.entries(slots))
    for (const [path, { data }] of Object.entries(byPath))
      expectClose(data, plainly.slots[slot]![path]!.data, 1e-12, `${slot} of ${path}`);
}

/** A transform of one or more slots, made of a rule on them all. */
function transformOf(
  slots: readonly string[],
  rule: <T extends Arithmetic<T>>(
    values: Readonly<Record<string, T>>,
    clock: Clock<T>,
  ) => Readonly<Record<string, T>>,
): Transform {
  return {
    name: "rule",
    slots: (shapes) =>
      Object.fromEntries(
        slots.map((slot): [string, ByPath<SlotSpec>] => [
          `rule/${slot}`,
          Object.fromEntries(
            Object.entries(shapes).map(([path, shape]) => [
              path,
              { shape, start: slot === "p" ? "parameter" : 0.5 },
            ]),
          ),
        ]),
      ),
    update<T extends Arithmetic<T>>(
      { updates, params, slots: before }: Flow<T>,
      clock: Clock<T>,
    ): Flow<T> {
      const after: Record<string, Record<string, T>> = Object.fromEntries(
        Object.keys(before).map((slot) => [slot, {}]),
      );
      const out: Record<string, T> = {};
      for (const [path, g] of Object.entries(updates)) {
        const found = rule<T>(
          {
            g,
            w: params[path]!,
            ...Object.fromEntries(slots.map((slot) => [slot, before[`rule/${slot}`]![path]!])),
          },
          clock,
        );
        for (const slot of slots) after[`rule/${slot}`]![path] = found[slot]!;
        out[path] = found["g"]!;
      }
      return { updates: out, params, slots: after };
    },
  };
}

describe("a record says the same as its operations one by one", () => {
  test.each([[0], [1], [511], [512], [513], [1500]])("%i numbers", (length) => {
    agrees(chain(clipByGlobalNorm(0.5), adam()), { w: [length], b: [3] });
  });

  test("parameters without axes, and of one number", () => {
    agrees(
      chain(
        clipByGlobalNorm(1),
        addDecayedWeights(0.1),
        momentum({ nesterov: true, learningRate: (step) => 1 / (step + 1) }),
      ),
      { scalar: [], one: [1], matrix: [1, 1] },
    );
  });

  test("norms of norms: three stages", () => {
    agrees(
      chain(
        clipByGlobalNorm(1),
        clipByNorm(0.3),
        clipByGlobalNorm(0.2),
        rmsprop({ centered: true, momentum: 0.5 }),
      ),
      { a: [4, 150], b: [600] },
    );
  });

  test("slots that change places", () => {
    agrees(
      transformOf(["p", "q"], ({ g, w, p, q }) => ({ g: g!.add(p!), p: q!, q: p!, w: w! })),
      { w: [700] },
    );
    agrees(
      transformOf(["p", "q"], ({ g, p, q }) => ({ g: q!, p: g!, q: p!.add(g!) })),
      { w: [700] },
    );
    agrees(
      transformOf(["p", "q"], ({ g, p, q }) => ({
        g: g!.add(p!.mul(2)),
        p: p!.add(q!),
        q: p!.add(q!),
      })),
      { w: [700] },
    );
  });

  test("what is stored and used again, which no larger instruction may swallow", () => {
    agrees(
      transformOf(["p", "q"], ({ g, p, q }) => {
        const doubled = g!.mul(2);
        const squared = p!.square();
        const root = squared.mul(0.5).add(0.1).sqrt();
        return { g: q!.add(doubled), p: doubled, q: root.add(1).div(root) };
      }),
      { w: [700] },
    );
    agrees(
      transformOf(["p", "q"], ({ g, p, q }) => {
        const scaled = g!.mul(3);
        const root = q!.square().sqrt();
        const sum = root.add(0.5);
        return { g: p!.add(scaled.div(sum).mul(0.1)), p: root, q: scaled };
      }),
      { w: [700] },
    );
    agrees(
      transformOf(["p", "q"], ({ g, p, q }) => {
        const square = g!.square();
        const ratio = p!.div(q!.square().sqrt().add(0.5));
        return {
          g: g!.add(ratio.mul(2)),
          p: p!.mul(0.5).add(square.mul(0.5)),
          q: square.add(ratio),
        };
      }),
      { w: [700] },
    );
  });

  // Random rules: every operation on what there is so far, with operands that share, repeat along
  // axes and are summed.
  test("random rules on random shapes", () => {
    const step = fc.tuple(fc.integer({ min: 0, max: 15 }), fc.nat(1000), fc.nat(1000));
    const shape = fc.constantFrom<Shape>(
      [],
      [1],
      [5],
      [2, 3],
      [1, 4],
      [3, 1, 2],
      [600],
      [0],
      [2, 300],
    );
    fc.assert(
      fc.property(
        fc.array(step, { minLength: 1, maxLength: 14 }),
        fc.record({ a: shape, b: shape }),
        (program, shapes) => {
          const rule = transformOf(
            ["p", "q"],
            <T extends Arithmetic<T>>(values: Readonly<Record<string, T>>, clock: Clock<T>) => {
              const like = values["w"]!;
              const made: T[] = [
                like,
                values["g"]!,
                values["p"]!,
                values["q"]!,
                clock.value((at) => at + 0.5),
                clock.value(0.7),
              ];
              for (const [what, i, j] of program) {
                const x = made[i % made.length]!;
                const y = made[j % made.length]!;
                made.push(
                  [
                    () => x.add(y),
                    () => x.sub(y),
                    () => x.mul(y),
                    () => x.div(y.square().add(0.5)),
                    () => x.maximum(y),
                    () => x.minimum(y),
                    () => x.neg(),
                    () => x.abs(),
                    () => x.sign(),
                    () => x.square().add(1).sqrt(),
                    () => x.sum().mul(0.01),
                    () =>
                      x.sum(
                        [-1].filter(() => x.shape.length > 0),
                        true,
                      ),
                    () => x.mul(0.9).add(y.mul(0.1)),
                    () => x.mul(0.9).add(y.square().mul(0.1)),
                    () => x.mul(0.3).div(y.square().mul(0.5).add(0.1).sqrt().add(1e-3)).mul(0.2),
                    () => x.add(y.square().sqrt().add(1)),
                  ][what]!().mul(0.5),
                );
              }
              // Whatever was made last, in the shape of the parameter.
              const [p, q, g] = made
                .slice(-3)
                .map((value) =>
                  like
                    .mul(0)
                    .add(value.shape.length === like.shape.length ? value : value.sum().mul(0.1)),
                );
              return { g: g!, p: p!, q: q! };
            },
          );
          agrees(rule, shapes, 3);
        },
      ),
      { numRuns: 300 },
    );
  });
});

describe("onArrays", () => {
  test("changes the arrays it was given, and rounds a Float32Array once", () => {
    const w = Float32Array.of(1, 2);
    onArrays(sgd({ learningRate: 0.1 }), { w }).step({ w: Float32Array.of(1, -1) });
    expect([...w]).toEqual([Math.fround(1 - 0.1), Math.fround(2 + 0.1)]);
  });

  test("takes gradients of either kind, and a parameter as a gradient", () => {
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

  test("the rate may follow the step", () => {
    const w = new Float64Array(1);
    const optimizer = onArrays(sgd({ learningRate: (step) => step + 1 }), { w });
    for (let step = 0; step < 3; step++) optimizer.step({ w: Float64Array.of(1) });
    expect([...w]).toEqual([-6]);
    expect(optimizer.steps).toBe(3);
  });

  test("a resumed optimizer does what an uninterrupted one does, bit for bit, also through JSON", () => {
    const transform = chain(
      clipByGlobalNorm(1),
      adam({ learningRate: (step) => 0.1 / (step + 1), amsgrad: true }),
    );
    const through = (
      steps: number,
      params: { w: Float32Array },
      optimizer = onArrays(transform, params),
    ) => {
      for (let step = 0; step < steps; step++)
        optimizer.step({ w: Float32Array.from(params.w, (x, i) => x - i) });
      return optimizer;
    };
    const straight = { w: Float32Array.of(3, 1, 2) };
    through(10, straight);
    const first = { w: Float32Array.of(3, 1, 2) };
    const text = JSON.stringify(through(4, first).state(), (_, value: unknown) =>
      ArrayBuffer.isView(value) ? Array.from(value as Float32Array) : value,
    );
    const second = onArrays(transform, first);
    second.load(JSON.parse(text) as never);
    through(6, first, second);
    expect([...first.w]).toEqual([...straight.w]);
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

  test("a state of something else is refused, shows the difference, and changes nothing", () => {
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

  test("parameters that are no arrays are refused", () => {
    expect(() => onArrays(sgd(), { w: [1, 2] as never })).toThrow(
      'onArrays: expected parameter "w" to be a Float32Array, a Float64Array or { shape, data }, got Array',
    );
    expect(() => onArrays(sgd(), { w: undefined as never })).toThrow("got Undefined");
    expect(() => onArrays(sgd(), { w: { shape: [3], data: new Float32Array(2) } })).toThrow(
      'onArrays: expected parameter "w" of shape [3] to have 3 elements, got 2',
    );
  });

  test("a transform that loses a slot, or its shape, is named", () => {
    const forgets: Transform = {
      ...adam(),
      name: "forgets",
      update: ({ updates, params }) => ({ updates, params, slots: {} }),
    };
    expect(() => onArrays(forgets, { w: new Float32Array(2) })).toThrow(
      'onArrays: expected forgets to keep the shape [2] of slot "scaleByAdam/m" of "w", got nothing',
    );
    const sums = transformOf([], ({ g }) => ({ g: g!.sum([0], true).sum() }));
    // a scalar is repeated
    expect(() => onArrays(sums, { w: { shape: [2, 3], data: new Float32Array(6) } })).not.toThrow();
    const wrong = transformOf(["p"], ({ g }) => ({ g: g!, p: g!.sum() }));
    expect(() => onArrays(wrong, { w: new Float32Array(2) })).toThrow(
      'to keep the shape [2] of slot "rule/p" of "w", got []',
    );
  });

  test("no parameters is no work", () => {
    const optimizer = onArrays(chain(clipByGlobalNorm(1), scaleByLearningRate(1)), {});
    optimizer.step({});
    expect(optimizer.steps).toBe(1);
  });

  test("NaN passes where it touches, and nowhere else", () => {
    const w = Float32Array.of(1, 1);
    onArrays(adam(), { w }).step({ w: Float32Array.of(NaN, 1) });
    expect(w[0]).toBeNaN();
    expect(w[1]).toBeCloseTo(0.999, 6);
  });
});
