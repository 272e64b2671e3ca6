import { expectClose } from "@tenon/testkit";
import { tensor, type Tensor } from "@tenon/tensor";
import fc from "fast-check";
import { expect, test } from "vitest";
import { huber, logCosh, mae, mse, pinball, smoothL1, type ReductionOptions } from "./index.js";
import { run } from "./internal/testing.js";

const values = fc.double({ min: -20, max: 20, noNaN: true });
const pairs = fc.array(fc.tuple(values, values), { minLength: 1, maxLength: 8 });
type Of = (p: Tensor, t: Tensor, options?: ReductionOptions) => Tensor;

/** Each loss of an error d, and its gradient, by their closed forms. */
const forms: readonly [string, Of, (d: number) => number, (d: number) => number][] = [
  ["mse", mse, (d) => d * d, (d) => 2 * d],
  ["mae", mae, Math.abs, Math.sign],
  [
    "huber",
    huber,
    (d) => (Math.abs(d) <= 1 ? (d * d) / 2 : Math.abs(d) - 0.5),
    (d) => Math.max(-1, Math.min(1, d)),
  ],
  [
    "huber of delta 2.5",
    (p, t, o) => huber(p, t, { ...o, delta: 2.5 }),
    (d) => (Math.abs(d) <= 2.5 ? (d * d) / 2 : 2.5 * (Math.abs(d) - 1.25)),
    (d) => Math.max(-2.5, Math.min(2.5, d)),
  ],
  [
    "smoothL1 of beta 2",
    (p, t, o) => smoothL1(p, t, { ...o, beta: 2 }),
    (d) => (Math.abs(d) < 2 ? (d * d) / 4 : Math.abs(d) - 1),
    (d) => Math.max(-1, Math.min(1, d / 2)),
  ],
  ["pinball", pinball, (d) => Math.abs(d) / 2, (d) => Math.sign(d) / 2],
  [
    "pinball of quantile 0.9",
    (p, t, o) => pinball(p, t, { ...o, quantile: 0.9 }),
    (d) => Math.max(-0.9 * d, 0.1 * d),
    (d) => (d === 0 ? 0 : d > 0 ? 0.1 : -0.9),
  ],
  ["logCosh", logCosh, (d) => Math.log(Math.cosh(d)), Math.tanh],
];

for (const [name, lossOf, value, grad] of forms)
  test(`${name}: loss and gradient are the closed forms, under each reduction`, () => {
    fc.assert(
      fc.property(pairs, (rows) => {
        const x = rows.map(([v]) => v);
        const t = tensor(rows.map(([, v]) => v));
        const d = rows.map(([a, b]) => a - b);
        const sum = d.reduce((total, v) => total + value(v), 0);
        const mean = run((p) => lossOf(p, t), x);
        expectClose(mean.loss, [sum / x.length]);
        expectClose(
          mean.grad,
          d.map((v) => grad(v) / x.length),
        );
        expectClose(run((p) => lossOf(p, t, { reduction: "sum" }), x).loss, [sum]);
        expectClose(run((p) => lossOf(p, t, { reduction: "none" }), x).loss, d.map(value));
      }),
    );
  });

for (const [name, lossOf] of forms)
  test(`${name}: refuses shapes that would broadcast`, () => {
    expect(() => lossOf(tensor([1, 2], [2, 1]), tensor([1, 2]))).toThrow(
      /: expected predictions and targets of one shape, got \[2, 1\] and \[2\]; reshape one of them/,
    );
  });

test("huber and smoothL1 say which widths they take", () => {
  const x = tensor([1]);
  expect(() => huber(x, x, { delta: 0 })).toThrow(
    "huber: expected delta as a finite number > 0, got 0",
  );
  expect(() => smoothL1(x, x, { beta: Infinity })).toThrow(
    "smoothL1: expected beta as a finite number ≥ 0, got Infinity",
  );
});
