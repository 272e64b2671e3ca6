import fc from "fast-check";
import type { NDArray } from "@tenon/contracts";
import * as t from "@tenon/tensor";
import { prod, reference, tensor, type Tensor } from "@tenon/tensor";
import { gelu, logSigmoid, mish, silu, softplus, squareplus, tanhShrink } from "@tenon/layers";
import { logCosh } from "@tenon/losses";
import { expect, test } from "vitest";
import { both, close, engines, floats } from "./bothEngines.js";

// Right values are those of mpmath with 40 digits, at the float32 nearest to each point.

const unit = 2 ** -23;

const rows: [
  string,
  (x: Tensor) => Tensor,
  number,
  readonly (readonly [x: number, y: number, grad?: number])[],
][] = [
  [
    "gelu",
    (x) => gelu().apply(x),
    8 * unit,
    [
      [-10, -7.619853024160526e-23, -7.618400096464814e-22],
      [-8.3, -4.320616050982022e-16, -3.584699443820831e-15],
      [-6, -5.9195258702261885e-9, -3.5468709453902015e-8],
      [-5, -1.4332578593959695e-6, -7.146946001792295e-6],
      [-4.7, -6.113800495558575e-6, -2.8637395295067933e-5],
      [-3, -0.0040496940948902835, -0.011945647204183927],
      [-1, -0.15865525393145705, -0.0833154705876863],
      [-0.1, -0.04601721689885652, 0.4204769067981741],
      [0.5, 0.34573123063700656, 0.8674951246561629],
      [3, 2.99595030590511, 1.011945647204184],
    ],
  ],
  // The exponent itself is a float32: |2u| of its units are lost.
  [
    "gelu, approximate",
    (x) => gelu({ approximate: true }).apply(x),
    100 * unit,
    [
      [-9, -1.3364595947348725e-28],
      [-6, -8.439646700762297e-11],
      [-5, -2.291796196629506e-7],
      [-4.7, -1.5756815923665916e-6],
      [-3, -0.003637392081773019],
      [-1, -0.1588080093917233],
      [-0.1, -0.04601724958112619],
      [0.5, 0.34571400982514394],
      [3, 2.996362607918227],
    ],
  ],
  [
    "erfc",
    t.erfc,
    4 * unit,
    [
      [-3, 1.9999779095030015],
      [-0.5, 1.5204998778130465],
      [0, 1],
      [0.3, 0.6713732282472846],
      [1, 0.15729920705028513],
      [2, 0.004677734981047266],
      [3.3, 3.0577107995706836e-6],
      [6, 2.1519736712498913e-17],
      [9, 4.13703174651381e-37],
      [10, 2.088487583762545e-45],
    ],
  ],
  [
    "sinh",
    t.sinh,
    6 * unit,
    [
      [89, 2.2448064095871728e38],
      [-89, -2.2448064095871728e38],
      [88.8, 1.8378976510455432e38],
      [89.4, 3.348862753200706e38],
      [1e-6, 9.999999974754094e-7],
      [0.3, 0.3045203059085488],
      [40, 1.1769263341851e17],
    ],
  ],
  [
    "cosh",
    t.cosh,
    6 * unit,
    [
      [89, 2.2448064095871728e38],
      [-89, 2.2448064095871728e38],
      [89.4, 3.348862753200706e38],
      [40, 1.1769263341851e17],
      [0, 1, 0],
    ],
  ],
  [
    "tanhShrink",
    (x) => tanhShrink().apply(x),
    30 * unit,
    [
      [1e-3, 3.333332474974759e-10, 9.999995241310085e-7],
      [-1e-3, -3.333332474974759e-10],
      [0.01, 3.3331997818940943e-7],
      [0.1, 0.00033200538984656325],
      [0.3, 0.008687388560055381],
      [0.49, 0.03578356928529094],
      [0.51, 0.040054798960787084],
      [1, 0.23840584404423512],
      [5, 4.000090795737405],
    ],
  ],
  [
    "squareplus",
    (x) => squareplus().apply(x),
    4 * unit,
    [
      [-1e15, 1.0000000130108238e-15],
      [-1e4, 9.9999999e-5],
      [-1000, 0.000999999000002],
      [-30, 0.03329637837290827],
      [-1, 0.6180339887498949],
      [0, 1, 0.5],
      [1, 1.618033988749895],
      [1e4, 10000.0001, 1],
      [1e15, 999999986991104, 1],
      [3e38, 3e38, 1],
    ],
  ],
  [
    "logCosh",
    (x) => logCosh(x, t.zeros(x.shape), { reduction: "none" }),
    8 * unit,
    [
      [1e-4, 4.999999739045422e-9, 9.999999714045421e-5],
      [1e-3, 4.999999641641255e-7, 0.0009999997141642038],
      [-0.01, 4.9999164453788566e-5, -0.009999666456504392],
      [0.1, 0.004991688970163417, 0.09966799610026955],
      [0.5, 0.12011450695827752, 0.46211715726000974],
      [0.99, 0.42618600173843746, 0.7573623282830155],
      [1.01, 0.44141765709967945, 0.7657620143039606],
      [3, 2.309328504577785, 0.9950547536867305],
      [50, 49.30685281944005, 1],
    ],
  ],
];
test.each(rows)(
  "%s keeps its digits in its tails and near zero, with its gradient, on both engines",
  (name, f, relative, points) => {
    for (const { y, grad } of both(
      f,
      points.map(([x]) => x),
    )) {
      close(
        name,
        y,
        points.map(([, right]) => right),
        relative,
      );
      points.forEach(([x, , right], i) => {
        if (right !== undefined)
          close(`gradient of ${name} at ${x}`, [grad[i]!], [right], 2 * relative);
      });
    }
  },
);

test.each<[string, (x: Tensor) => Tensor, (x: number) => number]>([
  [
    "softplus",
    (x) => softplus().apply(x),
    (x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x))),
  ],
  [
    "logSigmoid",
    (x) => logSigmoid().apply(x),
    (x) => Math.min(x, 0) - Math.log1p(Math.exp(-Math.abs(x))),
  ],
  [
    "silu",
    (x) => silu().apply(x),
    (x) => (x < 0 ? (x * Math.exp(x)) / (1 + Math.exp(x)) : x / (1 + Math.exp(-x))),
  ],
  [
    "mish",
    (x) => mish().apply(x),
    (x) => x * Math.tanh(Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)))),
  ],
  [
    "sigmoid",
    (x) => x.sigmoid(),
    (x) => (x < 0 ? Math.exp(x) / (1 + Math.exp(x)) : 1 / (1 + Math.exp(-x))),
  ],
  ["tanh", (x) => x.tanh(), Math.tanh],
  ["expm1", (x) => x.expm1(), Math.expm1],
  ["log1p", (x) => x.exp().log1p(), (x) => Math.log1p(Math.exp(x))],
  [
    "normalCdf",
    t.normalCdf,
    (x) =>
      x < 0
        ? reference({ precision: "float64" })
            .compile((state, y: Tensor) => ({ state, outputs: t.erfc(y) }), {}, { shape: [] })
            .step(-x * Math.SQRT1_2).data[0]! / 2
        : 1,
  ],
])("%s has its tails on both engines", (name, f, truth) => {
  const points = [-85, -40, -20, -12, -5, 5.25, 9, 20, 60].filter(
    (x) => name !== "normalCdf" || (x >= -12 && x !== 5.25 && x > -13),
  );
  for (const { y } of both(f, points))
    close(
      name,
      y,
      points.map((x) => (name === "normalCdf" && x < 0 ? truth(x) : truth(x))),
      6 * unit,
    );
});

test("log2 of every power of two is exact on both engines, with its gradient", () => {
  const exponents = Array.from({ length: 277 }, (_, i) => i - 149);
  const powers = exponents.map((n) => 2 ** n);
  for (const { y } of both(t.log2, powers)) expect(y).toEqual(exponents);
  const ordinary = powers.slice(30, 270);
  for (const { grad } of both(t.log2, ordinary))
    close(
      "grad",
      grad,
      ordinary.map((x) => 1 / (x * Math.LN2)),
      3 * unit,
    );
});

test("logCumSumExp and logSumExp of −∞, and their gradients, are values", () => {
  const inf = Infinity;
  for (const { y, grad } of both((x) => t.logCumSumExp(x, 0), [-inf, 0, 1, -inf])) {
    close("y", y.slice(1), [0, 1.3132616875182228, 1.3132616875182228], 4 * unit);
    expect(y[0]).toBe(-inf);
    // Each sum passes its gradient to the values it is made of, in proportion to eˣ; the first has
    // one alone.
    close("grad", grad, [1, 1.5378828427399902, 1.4621171572600098, 0], 8 * unit);
  }
  for (const { y, grad } of both((x) => t.logCumSumExp(x, 0), [-inf, -inf, -inf])) {
    expect(y).toEqual([-inf, -inf, -inf]);
    expect(grad.every(Number.isFinite)).toBe(true);
  }
  for (const { y, grad } of both((x) => t.logSumExp(x), [-inf, 0, 1])) {
    close("y", y, [1.3132616875182228], 4 * unit);
    close("grad", grad, [0, 0.2689414213699951, 0.7310585786300049], 8 * unit);
  }
  for (const { y, grad } of both((x) => t.logSumExp(x), [-inf, -inf]))
    expect([y, grad]).toEqual([[-inf], [0, 0]]);
  for (const { y, grad } of both((x) => x.softmax().mul(tensor([1, 2, 3])), [-inf, 0, 1])) {
    close("softmax", y, [0, 0.5378828427399902, 2.1931757358900147], 8 * unit);
    close("grad", grad, [0, -0.19661193324148185, 0.19661193324148185], 1e-5);
  }
  for (const { y, grad } of both((x) => t.where(x.equal(-inf), 0, x.logSoftmax()), [-inf, 0, 1])) {
    close("logSoftmax", y, [0, -1.3132616875182228, -0.3132616875182228], 8 * unit);
    close("grad", grad, [0, 0.46211715726000974, -0.46211715726000974], 1e-5);
  }
});

test("cumulative and whole products have the right gradients at zeros", () => {
  for (const { grad } of both((x) => t.cumprod(x, 0), [2, 0, 3, 4]))
    expect(grad).toEqual([1, 2 + 6 + 24, 0, 0]);
  for (const { grad } of both((x) => prod(x), [2, 0, 3, 4])) expect(grad).toEqual([0, 24, 0, 0]);
  for (const { grad } of both((x) => prod(x), [0, 0, 3])) expect(grad).toEqual([0, 0, 0]);
});

const exact: Record<string, (a: Tensor, b: Tensor) => Tensor> = {
  neg: (a) => a.neg(),
  abs: (a) => a.abs(),
  sign: (a) => a.sign(),
  square: (a) => a.square(),
  sqrt: (a) => a.sqrt(),
  reciprocal: (a) => a.reciprocal(),
  floor: (a) => t.floor(a),
  ceil: (a) => t.ceil(a),
  round: (a) => a.round(),
  relu: (a) => a.relu(),
  add: (a, b) => a.add(b),
  sub: (a, b) => a.sub(b),
  mul: (a, b) => a.mul(b),
  div: (a, b) => a.div(b),
  maximum: (a, b) => a.maximum(b),
  minimum: (a, b) => a.minimum(b),
  remainder: (a, b) => a.remainder(b),
  where: (a, b) => t.where(a, a, b),
  less: (a, b) => a.less(b).cast("float32"),
  clamp: (a) => a.clamp(-1, 1),
  max: (a) => a.max(0, true),
  min: (a) => a.min(0, true),
  sum: (a) => a.sign().sum(0, true),
  prod: (a) => prod(a.sign(), 0, true),
  atan2: (a, b) => t.atan2(a, b).sign(),
  cast: (a) => a.cast("int32").cast("float32"),
};
test("both engines keep the signs of zeros, NaN and infinities, also with constants", () => {
  const number = fc.oneof(
    fc.constantFrom(
      0,
      -0,
      1,
      -1,
      0.5,
      -0.5,
      2,
      -4,
      Infinity,
      -Infinity,
      NaN,
      1e-45,
      -1e-45,
      3.4028234663852886e38,
    ),
    fc.float(),
  );
  fc.assert(
    fc.property(
      fc.array(number, { minLength: 3, maxLength: 3 }),
      fc.array(number, { minLength: 3, maxLength: 3 }),
      number,
      (a, b, c) => {
        const [ours, theirs] = engines.map(
          (engine) =>
            engine
              .compile(
                (state, { x, y }: Record<string, Tensor>) => ({
                  state,
                  outputs: Object.fromEntries(
                    Object.entries(exact).flatMap(([name, f]) => [
                      [name, f(x!, y!)],
                      [`${name} const`, f(x!, t.full([3], c))],
                      [`const ${name}`, f(t.full([3], c), x!)],
                    ]),
                  ),
                }),
                {},
                { x: { shape: [3] }, y: { shape: [3] } } as Record<string, { shape: number[] }>,
              )
              .step({ x: floats(a), y: floats(b) }) as Record<string, NDArray>,
        );
        for (const name of Object.keys(theirs!))
          // toEqual distinguishes −0 from 0
          expect([...ours![name]!.data], name).toEqual([...theirs![name]!.data]);
      },
    ),
    { numRuns: 150 },
  );
});

test("atan2 of what is infinite, on both engines", () => {
  const values = [Infinity, -Infinity, 3, -3];
  const points = values.flatMap((y) => values.map((x) => [y, x] as const));
  const ends = points.filter(([y, x]) => Math.abs(y) === Infinity || Math.abs(x) === Infinity);
  for (const engine of engines) {
    const [y, x] = [0, 1].map((k) => floats(ends.map((point) => point[k as 0 | 1])));
    const program = engine.compile(
      (state, inputs: { y: Tensor; x: Tensor }) => ({
        state,
        outputs: t.atan2(inputs.y, inputs.x),
      }),
      {},
      { y: { shape: [ends.length] }, x: { shape: [ends.length] } },
    );
    close(
      "atan2",
      [...program.step({ y: y!, x: x! }).data],
      ends.map(([up, across]) => Math.atan2(up, across)),
      4 * unit,
    );
  }
});
