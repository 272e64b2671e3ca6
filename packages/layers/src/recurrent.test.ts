import { constant } from "@tenon/init";
import { expectClose } from "@tenon/testkit";
import { initialize, pass, tensor } from "@tenon/tensor";
import { describe, expect, test } from "vitest";
import { bidirectional, gru, lstm, relu, rnn, sequential, sigmoid } from "./index.js";
import { gradcheck, startOf, wavy } from "./internal/gradcheck.js";
import { ofOneInput, run } from "./internal/testing.js";

const makers = { rnn, lstm, gru };

describe.each(Object.entries(makers))("%s", (type, make) => {
  test("its gradients are those of central differences", () => {
    gradcheck(make(2), [3, 2]);
    gradcheck(make(2, { returnSequences: true, goBackwards: true, recurrentBias: true }), [3, 2]);
    gradcheck(make(2, { useBias: false, maskValue: 0 }), [3, 2]);
    gradcheck(make(2, { dropout: 0.4, recurrentDropout: 0.4 }), [3, 2]);
  });

  test("the last output is that of all steps at the end", () => {
    const x = wavy([2, 4, 3]);
    const start = startOf(make(2), [4, 3]);
    const [last, all] = [false, true].map(
      (returnSequences) => run(make(2, { returnSequences }), { x, ...start }).y,
    );
    expect(all!.shape).toEqual([2, 4, 2]);
    expectClose(last!.data, [...all!.data.slice(6, 8), ...all!.data.slice(14, 16)]);
  });

  test("backwards it does what it does forwards on the reversed sequence", () => {
    const start = startOf(make(2), [3, 1]);
    const of = (goBackwards: boolean, data: readonly number[]): ArrayLike<number> =>
      run(make(2, { goBackwards, returnSequences: true }), {
        x: { shape: [1, 3, 1], data },
        ...start,
      }).y.data;
    expectClose(of(true, [1, -2, 0.5]), of(false, [0.5, -2, 1]));
  });

  test("what is padded changes nothing", () => {
    const start = startOf(make(2), [2, 2]);
    const of = (steps: number, data: readonly number[], returnSequences = false) =>
      run(make(2, { maskValue: 0, returnSequences }), {
        x: { shape: [1, steps, 2], data },
        ...start,
      }).y.data;
    expectClose(of(2, [1, 2, 3, 0]), of(4, [0, 0, 1, 2, 3, 0, 0, 0]));
    const all = of(4, [0, 0, 1, 2, 3, 0, 0, 0], true);
    expectClose(all.slice(0, 2), [0, 0]);
    expectClose(all.slice(6), all.slice(4, 6));
  });

  test("initial states are further inputs", () => {
    const layer = make(2);
    const states = type === "lstm" ? 2 : 1;
    const shapes = [[3, 1], ...Array<number[]>(states).fill([2])];
    gradcheck(ofOneInput(layer, shapes), [3 + 2 * states]);
    expect(layer.planAll(shapes).output).toEqual([2]);
    expect(() => layer.planAll([...shapes, [2]])).toThrow(
      `${type}: expected at most ${states} initial states [2], got [2]`,
    );
    const zero = startOf(layer, [3, 1]);
    const x = [1, 2, 3, ...Array<number>(2 * states).fill(0)];
    const joined = run(ofOneInput(layer, shapes), {
      x: { shape: [1, x.length], data: x },
      ...zero,
    });
    const alone = run(layer, { x: { shape: [1, 3, 1], data: [1, 2, 3] }, ...zero });
    expectClose(joined.y.data, alone.y.data);
  });

  test("dropped features are the same in all steps of an example", () => {
    const layer = make(1, { dropout: 0.5, returnSequences: true });
    const { params } = initialize(layer.plan([3, 8]), 1);
    const drawn: (readonly number[])[] = [];
    const training = { seed: tensor(1, [], "int32"), step: tensor(0, [], "int32") };
    const tensors = Object.fromEntries(Object.entries(params).map(([k, v]) => [k, tensor(v)]));
    const context = pass({ params: tensors, training });
    const draw: typeof context.draw = (shape, by) => {
      drawn.push(shape);
      return context.draw(shape, by);
    };
    layer.forward(tensor(new Float32Array(48), [2, 3, 8]), { ...context, draw });
    expect(drawn).toEqual([[2, 1, 8]]);
  });

  test("plans its parameters, and refuses what is no sequence", () => {
    const gates = { rnn: 1, lstm: 4, gru: 3 }[type]!;
    const { params } = make(5, { recurrentBias: true }).plan([7, 3]);
    const shapes = Object.fromEntries(Object.entries(params).map(([k, v]) => [k, v.shape]));
    expect(shapes).toEqual({
      kernel: [3, 5 * gates],
      recurrentKernel: [5, 5 * gates],
      bias: [5 * gates],
      recurrentBias: [5 * gates],
    });
    expect(() => make(2).plan([3])).toThrow(
      `${type}: expected a sequence [steps, features], got [3]`,
    );
    expect(() => make(2, { dropout: 1 })).toThrow(`${type}: expected dropout in [0, 1), got 1`);
    expect(() => make(2, { maskValue: NaN })).toThrow(
      `${type}: expected maskValue as a finite number, got NaN`,
    );
    expect(() => make(2, { activation: "relu" as never })).toThrow(
      `${type}: expected activation as an activation such as tanh(), got "relu"`,
    );
    expect(() => make(2, { recurrentBias: 1 as never })).toThrow(
      `${type}: expected recurrentBias as true or false, got 1`,
    );
  });
});

test("a rectified state with weights of 1 counts", () => {
  const one = { shape: [1, 1], data: [1] };
  const params = { kernel: one, recurrentKernel: one, bias: { shape: [1], data: [0] } };
  const layer = rnn(1, { activation: relu() });
  const { y } = run(layer, { x: { shape: [1, 4, 1], data: [1, 2, 3, 4] }, params });
  expectClose(y.data, [10]);
});

test("the bias of the forget gate starts at 1, unless it should not", () => {
  const of = (options: Parameters<typeof lstm>[1]) => [
    ...lstm(2, options).plan([3, 1]).params["bias"]!.init([8], Math.random),
  ];
  expect(of({})).toEqual([0, 0, 1, 1, 0, 0, 0, 0]);
  expect(of({ unitForgetBias: false })).toEqual(Array(8).fill(0));
  expect(of({ biasInit: constant({ value: 3 }) })).toEqual([3, 3, 1, 1, 3, 3, 3, 3]);
});

test("the state's weights start orthogonal", () => {
  const w = gru(3).plan([2, 2]).params["recurrentKernel"]!.init([3, 9], Math.random);
  for (let i = 0; i < 3; i++)
    for (let j = 0; j < 3; j++) {
      const dot = w.slice(9 * i, 9 * i + 9).reduce((sum, v, k) => sum + v * w[9 * j + k]!, 0);
      expect(dot).toBeCloseTo(i === j ? 1 : 0, 5);
    }
});

test("a gru's gates may be in PyTorch's order, and their functions others", () => {
  const x = wavy([1, 3, 2]);
  const start = startOf(gru(1), [3, 2]);
  const swapped = Object.fromEntries(
    Object.entries(start.params!).map(([path, { shape, data }]) => [
      path,
      { shape, data: Float64Array.from(data, (_, i) => data[[i + 1, i - 1, i][i % 3]!]!) },
    ]),
  );
  const keras = run(gru(1), { x, ...start }).y;
  expectClose(run(gru(1, { gates: "rzn" }), { x, ...start, params: swapped }).y.data, keras.data);
  gradcheck(
    gru(2, { activation: sigmoid(), recurrentActivation: sigmoid(), resetAfter: false }),
    [2, 2],
  );
  expect(() => gru(1, { gates: "nzr" as never })).toThrow(
    'gru: expected gates to be "zrn" or "rzn"',
  );
});

describe("bidirectional", () => {
  const layer = (options?: Parameters<typeof bidirectional>[1], returnSequences = true) =>
    bidirectional(gru(2, { returnSequences }), options);

  test("its gradients are those of central differences", () => {
    gradcheck(layer(), [3, 2]);
    gradcheck(layer({ merge: "mul" }, false), [3, 2]);
  });

  test("both ends: a reversed sequence exchanges the halves and their order", () => {
    const start = startOf(layer(), [3, 1]);
    const params = Object.fromEntries(
      Object.entries(start.params!).map(([path]) => [
        path,
        start.params![path.replace("backward", "forward")]!,
      ]),
    );
    const of = (data: readonly number[]) =>
      run(layer(), { x: { shape: [1, 3, 1], data }, params }).y.data;
    const [a, b] = [of([1, 2, -1]), of([-1, 2, 1])];
    for (let t = 0; t < 3; t++)
      expectClose(a.slice(4 * t, 4 * t + 4), [
        ...b.slice(4 * (2 - t) + 2, 4 * (2 - t) + 4),
        ...b.slice(4 * (2 - t), 4 * (2 - t) + 2),
      ]);
  });

  test("merges as Keras", () => {
    const start = startOf(layer(), [3, 1]);
    const x = wavy([1, 3, 1]);
    const of = (merge: "concat" | "sum" | "mul" | "ave") => [
      ...run(layer({ merge }, false), { x, ...start }).y.data,
    ];
    const [a, b, c, d] = of("concat") as [number, number, number, number];
    expectClose(of("sum"), [a + c, b + d]);
    expectClose(of("mul"), [a * c, b * d]);
    expectClose(of("ave"), [(a + c) / 2, (b + d) / 2]);
    expect(layer().plan([3, 1]).output).toEqual([3, 4]);
    expect(layer({ merge: "sum" }, false).plan([3, 1]).output).toEqual([2]);
  });

  test("layers in a row, and what is refused", () => {
    gradcheck(sequential(bidirectional(rnn(1, { returnSequences: true })), rnn(1)), [2, 1]);
    expect(() => layer().plan([3])).toThrow(
      "bidirectional: expected a sequence [steps, …], got [3]",
    );
    expect(() => layer({ merge: "max" as never })).toThrow("bidirectional: expected merge to be");
  });
});
