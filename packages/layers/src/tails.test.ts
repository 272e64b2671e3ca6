import { gradients, reference, type Tensor } from "@tenon/tensor";
import { expect, test } from "vitest";
import {
  gelu,
  logSigmoid,
  mish,
  silu,
  softplus,
  softsign,
  squareplus,
  tanhShrink,
  type Activation,
} from "./index.js";

const s = (x: number): number => (x < 0 ? Math.exp(x) / (1 + Math.exp(x)) : 1 / (1 + Math.exp(-x)));
const bent = (x: number): number => s(x) * s(-x);
const sizes = [0, 1e-8, 1e-3, 0.5, 1, 1.5, 3, 6, 10, 20, 80];
const both = sizes.flatMap((x) => [x, -x]);

type Curve = (x: number) => number;
/**
 * An activation, its gradient and, where it is listed, that one's, in closed forms that do not
 * cancel where it is compared.
 */
const curves: [string, Activation, number[], Curve, Curve?][] = [
  ["softsign", softsign(), [...both, 1e6, -1e10, 1e20, -1e30], (x) => (1 + Math.abs(x)) ** -2],
  ["softplus", softplus(), both, s, bent],
  ["logSigmoid", logSigmoid(), both, (x) => s(-x), (x) => -bent(x)],
  [
    "silu",
    silu(),
    both,
    (x) => s(x) * (1 + x * s(-x)),
    (x) => bent(x) * (2 - x * Math.tanh(x / 2)),
  ],
  [
    "squareplus",
    squareplus(),
    [...both, 1e10],
    (x) =>
      x < 0
        ? 2 / (Math.sqrt(x * x + 4) * (Math.sqrt(x * x + 4) - x))
        : (1 + x / Math.sqrt(x * x + 4)) / 2,
  ],
  ["tanhShrink", tanhShrink(), both, (x) => Math.tanh(x) ** 2],
  [
    "mish",
    mish(),
    both,
    (x) =>
      Math.tanh(Math.log1p(Math.exp(x))) + x * s(x) * (1 - Math.tanh(Math.log1p(Math.exp(x))) ** 2),
  ],
  [
    "gelu",
    gelu({ approximate: true }),
    both.filter((x) => x > -6),
    (x) => {
      const c = 2 * Math.sqrt(2 / Math.PI);
      const u = c * (x + 0.044715 * x ** 3);
      return s(u) + x * bent(u) * c * (1 + 3 * 0.044715 * x * x);
    },
  ],
];
test.each(curves)(
  "%s has its gradient to 5e-6 of itself in float32, far out and near 0",
  (name, layer, points, grad, curvature) => {
    const program = reference().compile(
      (state, x: Tensor) => {
        const first = gradients(layer.apply(x).sum(), x);
        return { state, outputs: { first, second: gradients(first.sum(), x) } };
      },
      {},
      { shape: [points.length] },
    );
    const x = Float32Array.from(points);
    const { first, second } = program.step(x);
    x.forEach((point, i) => {
      for (const [got, right] of [
        [first.data[i]!, grad(point)],
        ...(curvature ? [[second.data[i]!, curvature(point)]] : []),
      ] as [number, number][]) {
        expect(
          Math.abs(got - right),
          `${name} at ${point}: expected ${right}, got ${got}`,
        ).toBeLessThanOrEqual(Math.max(5e-6 * Math.abs(right), 3e-45));
      }
    });
  },
);
