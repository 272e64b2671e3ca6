import {
  acos,
  asin,
  atan,
  atanh,
  cosh,
  gradients,
  reference,
  sinh,
  tan,
  type Tensor,
} from "@tenon/tensor";
import { expect, test } from "vitest";
import { wasm } from "./engine.js";

const s = (x: number): number => (x < 0 ? Math.exp(x) / (1 + Math.exp(x)) : 1 / (1 + Math.exp(-x)));
const gradientOfSigmoid = (x: number): number => s(x) * s(-x);
const gradientOfTanh = (x: number): number => 4 * gradientOfSigmoid(2 * x);
const near = [0, 1e-8, -1e-8, 1e-4, 1e-3, -0.1, 0.5];
const inside = [...near, 0.9, -0.99, 0.999999];
const wide = [...near, 1, -1.5, 3, -6, 10];
const far = [...wide, 20, -30, 80];

type Curve = (x: number) => number;
/**
 * A function, its gradient and that one's, in closed forms that cancel nowhere, and where to
 * compare.
 */
const curves: [string, (x: Tensor) => Tensor, Curve, Curve, number[]][] = [
  ["sinh", sinh, Math.cosh, Math.sinh, [...far, 89, -89.3]],
  ["cosh", cosh, Math.sinh, Math.cosh, [...far, 89, -89.3]],
  [
    "sigmoid",
    (x) => x.sigmoid(),
    gradientOfSigmoid,
    (x) => -gradientOfSigmoid(x) * Math.tanh(x / 2),
    [...far, 88, -88],
  ],
  [
    "tanh",
    (x) => x.tanh(),
    gradientOfTanh,
    (x) => -2 * Math.tanh(x) * gradientOfTanh(x),
    [...wide, -10, 20, -43],
  ],
  [
    "atanh",
    atanh,
    (x) => 1 / ((1 - x) * (1 + x)),
    (x) => (2 * x) / ((1 - x) * (1 + x)) ** 2,
    inside,
  ],
  [
    "asin",
    asin,
    (x) => 1 / Math.sqrt((1 - x) * (1 + x)),
    (x) => x / ((1 - x) * (1 + x)) ** 1.5,
    inside,
  ],
  [
    "acos",
    acos,
    (x) => -1 / Math.sqrt((1 - x) * (1 + x)),
    (x) => -x / ((1 - x) * (1 + x)) ** 1.5,
    inside,
  ],
  ["atan", atan, (x) => 1 / (1 + x * x), (x) => (-2 * x) / (1 + x * x) ** 2, [...far, 1e6, -1e10]],
  [
    "tan",
    tan,
    (x) => 1 / Math.cos(x) ** 2,
    (x) => (2 * Math.tan(x)) / Math.cos(x) ** 2,
    [...near, 1, -1.5],
  ],
  ["expm1", (x) => x.expm1(), Math.exp, Math.exp, [...far, -80]],
  [
    "log1p",
    (x) => x.log1p(),
    (x) => 1 / (1 + x),
    (x) => -1 / (1 + x) ** 2,
    [...near, 0.5, 20, 1e10],
  ],
  [
    "reciprocal",
    (x) => x.reciprocal(),
    (x) => -1 / x ** 2,
    (x) => 2 / x ** 3,
    [1e-3, 1, -1e10, 1e19],
  ],
];
const engines: [string, ReturnType<typeof reference> | Awaited<ReturnType<typeof wasm>>][] = [
  ["reference", reference()],
  ["wasm", await wasm()],
];
test.each(
  engines.flatMap(([engine, compiler]) =>
    curves.map((curve) => [curve[0], engine, compiler, curve] as const),
  ),
)(
  "%s has its gradient and that one's to 2e-6 of themselves, on the engine %s",
  async (_, __, engine, [name, f, grad, curvature, points]) => {
    const program = await engine.compile(
      (state, x: Tensor) => {
        const first = gradients(f(x).sum(), x);
        return { state, outputs: { first, second: gradients(first.sum(), x) } };
      },
      {},
      { shape: [points.length] },
    );
    const x = Float32Array.from(points);
    const { first, second } = program.step(x);
    for (const [what, got, want] of [
      ["grad", first, grad],
      ["curvature", second, curvature],
    ] as const) {
      x.forEach((point, i) => {
        const right = want(point);
        const off = Math.abs(got.data[i]! - right);
        expect(
          off,
          `${what} of ${name} at ${point}: expected ${right}, got ${got.data[i]}`,
        ).toBeLessThanOrEqual(Math.max(2e-6 * Math.abs(right), 3e-45));
      });
    }
  },
);
