import { sin, tensor, type Tensor } from "@tenon/tensor";
import { expectClose } from "@tenon/testkit";
import fc from "fast-check";
import { expect, test } from "vitest";
import * as layers from "./index.js";
import { gradcheck } from "./internal/gradcheck.js";
import { run } from "./internal/testing.js";

/** Every activation, and its formula in plain values. */
const phi = (x: number): number => {
  // The normal distribution, by Simpson's rule.
  const n = 2000;
  const h = x / n;
  const f = (t: number): number => Math.exp((-t * t) / 2) / Math.sqrt(2 * Math.PI);
  let sum = f(0) + f(x);
  for (let i = 1; i < n; i++) sum += f(i * h) * (i % 2 ? 4 : 2);
  return 0.5 + (sum * h) / 3;
};
const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));
const held = (x: number, low: number, high: number): number => Math.min(Math.max(x, low), high);
const formulas: readonly [string, layers.Activation, (x: number) => number][] = [
  ["relu", layers.relu(), (x) => Math.max(x, 0)],
  ["relu6", layers.relu6(), (x) => held(x, 0, 6)],
  ["leakyRelu", layers.leakyRelu(0.2), (x) => (x > 0 ? x : 0.2 * x)],
  ["elu", layers.elu({ alpha: 2 }), (x) => (x > 0 ? x : 2 * Math.expm1(x))],
  ["celu", layers.celu({ alpha: 2 }), (x) => (x > 0 ? x : 2 * Math.expm1(x / 2))],
  [
    "selu",
    layers.selu(),
    (x) => 1.0507009873554805 * (x > 0 ? x : 1.6732632423543772 * Math.expm1(x)),
  ],
  ["gelu", layers.gelu(), (x) => x * phi(x)],
  [
    "gelu, approximate",
    layers.gelu({ approximate: true }),
    (x) => 0.5 * x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3))),
  ],
  ["silu", layers.silu(), (x) => x * sigmoid(x)],
  ["mish", layers.mish(), (x) => x * Math.tanh(Math.log1p(Math.exp(x)))],
  ["sigmoid", layers.sigmoid(), sigmoid],
  ["logSigmoid", layers.logSigmoid(), (x) => -Math.log1p(Math.exp(-x))],
  ["tanh", layers.tanh(), Math.tanh],
  ["softplus", layers.softplus({ beta: 2 }), (x) => Math.log1p(Math.exp(2 * x)) / 2],
  ["softsign", layers.softsign(), (x) => x / (1 + Math.abs(x))],
  ["hardTanh", layers.hardTanh({ low: -2, high: 0.5 }), (x) => held(x, -2, 0.5)],
  ["hardSigmoid", layers.hardSigmoid(), (x) => held(x / 6 + 0.5, 0, 1)],
  ["hardSwish", layers.hardSwish(), (x) => x * held(x / 6 + 0.5, 0, 1)],
  ["hardShrink", layers.hardShrink(), (x) => (Math.abs(x) > 0.5 ? x : 0)],
  ["softShrink", layers.softShrink(), (x) => Math.sign(x) * Math.max(Math.abs(x) - 0.5, 0)],
  ["tanhShrink", layers.tanhShrink(), (x) => x - Math.tanh(x)],
  ["threshold", layers.threshold({ threshold: 1, value: -3 }), (x) => (x > 1 ? x : -3)],
  ["exponential", layers.exponential(), Math.exp],
  ["squareplus", layers.squareplus(), (x) => (x + Math.sqrt(x * x + 4)) / 2],
  ["sparsePlus", layers.sparsePlus(), (x) => (x <= -1 ? 0 : x >= 1 ? x : (x + 1) ** 2 / 4)],
  ["sparseSigmoid", layers.sparseSigmoid(), (x) => held((x + 1) / 2, 0, 1)],
];

for (const [name, layer, formula] of formulas) {
  test(`${name} is its formula, everywhere and for any shape`, () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: -9, max: 9, noNaN: true }), { minLength: 1, maxLength: 12 }),
        (data) => {
          expectClose(
            run(layer, { x: { shape: [data.length, 1], data } }).y.data,
            data.map(formula),
            1e-9,
          );
        },
      ),
    );
  });
  test(`${name}: gradients agree with finite differences, and are finite far out`, () => {
    gradcheck(layer, [7]);
    const { y, dx } = run(layer, { x: { shape: [4], data: [-1e4, -700, 700, 1e4] } });
    if (name === "exponential") return; // e^10000 is infinite, as it should be.
    expect([...y.data, ...dx.data].every(Number.isFinite)).toBe(true);
  });
}

test("softmax, softmin and logSoftmax: fractions of one", () => {
  const x = { shape: [2, 3], data: [1, 2, 3, 1000, 1000, -1000] };
  const shares = run(layers.softmax(), { x }).y.data;
  const e = [1, 2, 3].map(Math.exp);
  const sum = e[0]! + e[1]! + e[2]!;
  expectClose(shares, [...e.map((v) => v / sum), 0.5, 0.5, 0]);
  expectClose(
    run(layers.logSoftmax(), { x }).y.data.slice(0, 3),
    [1, 2, 3].map((v) => v - Math.log(sum)),
  );
  expectClose(
    run(layers.softmin(), { x }).y.data,
    run(layers.softmax(), { x: { shape: [2, 3], data: x.data.map((v) => -v) } }).y.data,
  );
  for (const layer of [layers.softmax({ axis: -2 }), layers.logSoftmax(), layers.softmin()])
    gradcheck(layer, [3, 2]);
});

test("glu: the sigmoid of the second half multiplies the first", () => {
  expectClose(run(layers.glu(), { x: { shape: [1, 4], data: [3, -2, 0, 100] } }).y.data, [1.5, -2]);
  expect(layers.glu().plan([5, 8]).output).toEqual([5, 4]);
  gradcheck(layers.glu(), [4]);
  expect(() => layers.glu().plan([3])).toThrow(
    "glu: expected an even size along axis -1, got [1, 3]",
  );
});

test("an activation is a plain function too, and a custom one takes one line", () => {
  expect(
    Array.from(
      layers
        .gelu()
        .apply(tensor([0, 0]))
        .data(),
    ),
  ).toEqual([0, 0]);
  const sine = layers.activation("sine", (x: Tensor) => sin(x));
  expect(sine.toJSON()).toEqual({ type: "sine" });
  expect(sine.plan([2, 3])).toEqual({ output: [2, 3], params: {}, stats: {} });
  gradcheck(sine, [3]);
});

test("names what it expected", () => {
  expect(() => layers.leakyRelu(NaN)).toThrow(
    "leakyRelu: expected slope as a finite number, got NaN",
  );
  expect(() => layers.elu({ alpha: Infinity })).toThrow(
    "elu: expected alpha as a finite number, got Infinity",
  );
  expect(() => layers.celu({ alpha: 0 })).toThrow(
    "celu: expected alpha as a finite number > 0, got 0",
  );
  expect(() => layers.softplus({ beta: -1 })).toThrow(
    "softplus: expected beta as a finite number > 0, got -1",
  );
  expect(() => layers.softplus({ threshold: NaN })).toThrow(
    "softplus: expected threshold as a finite number, got NaN",
  );
  expect(() => layers.squareplus({ b: 0 })).toThrow(
    "squareplus: expected b as a finite number > 0, got 0",
  );
  for (const [name, make] of [
    ["hardTanh", () => layers.hardTanh({ low: NaN })],
    ["hardShrink", () => layers.hardShrink({ lambda: NaN })],
    ["softShrink", () => layers.softShrink({ lambda: NaN })],
    ["threshold", () => layers.threshold({ value: NaN })],
  ] as const)
    expect(make).toThrow(new RegExp(`^${name}: expected \\w+ as a finite number, got NaN`));
});
