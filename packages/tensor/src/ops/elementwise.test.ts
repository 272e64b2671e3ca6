import fc from "fast-check";
import { expect, test } from "vitest";
import { gradients } from "../gradients.js";
import { gradcheck, testValues, positiveTestValues } from "../internal/gradcheck.js";
import { reference } from "../reference.js";
import { sizeOf } from "../shapes.js";
import type { Tensor } from "../tensor.js";
import * as e from "./elementwise.js";
import { tensor } from "./leaf.js";

const ints = (...data: number[]): Tensor => tensor(Int32Array.from(data));
const list = (x: Tensor): number[] => [...x.data()];
/** The gradient of a sum, and the gradient of that one's sum. */
const grad = (f: (x: Tensor) => Tensor, point: number): number => {
  const x = tensor([point]);
  return gradients(f(x).sum(), x).item();
};
const curvature = (f: (x: Tensor) => Tensor, point: number): number => {
  const x = tensor([point]);
  return gradients(gradients(f(x).sum(), x).sum(), x).item();
};

// Each against JavaScript's own function, in float64, over points of all sizes.
const points = [
  0, 1e-12, -1e-12, 1e-3, -1e-3, 0.3, -0.3, 0.5, -0.5, 1, -1, 1.5, -1.5, 2.5, -2.5, 20, -20, 88,
  -88,
];
const unaries: [string, e.Unary, (x: number) => number][] = [
  ["neg", e.neg, (x) => 0 - x],
  ["abs", e.abs, Math.abs],
  ["sign", e.sign, Math.sign],
  ["square", e.square, (x) => x * x],
  ["relu", e.relu, (x) => (x < 0 ? 0 : x)],
  ["sqrt", e.sqrt, Math.sqrt],
  ["reciprocal", e.reciprocal, (x) => 1 / x],
  ["exp", e.exp, Math.exp],
  ["expm1", e.expm1, Math.expm1],
  ["log", e.log, Math.log],
  ["log1p", e.log1p, Math.log1p],
  ["sin", e.sin, Math.sin],
  ["cos", e.cos, Math.cos],
  ["tanh", e.tanh, Math.tanh],
  ["sigmoid", e.sigmoid, (x) => 1 / (1 + Math.exp(-x))],
  ["floor", e.floor, Math.floor],
  ["ceil", e.ceil, Math.ceil],
];
test.each(unaries)("%s is what JavaScript says", (name, f, expected) => {
  const program = reference({ precision: "float64" }).compile(
    (state, x: Tensor) => ({ state, outputs: f(x) }),
    {},
    { shape: [points.length] },
  );
  const y = program.step(Float64Array.from(points)).data;
  points.forEach((x, i) => {
    const want = expected(x);
    if (Number.isNaN(want)) expect(y[i], `${name} ${x}`).toBeNaN();
    else if (Number.isFinite(want))
      expect(Math.abs(y[i]! - want), `${name} ${x}`).toBeLessThanOrEqual(1e-15 * Math.abs(want));
    else expect(y[i], `${name} ${x}`).toBe(want);
  });
  expect(list(f(tensor([NaN])))[0]).toBeNaN();
});

test.each(unaries)("%s has the gradient of finite differences, and that gradient too", (_, f) => {
  gradcheck(f, [positiveTestValues([2, 3])]);
  gradcheck(f, [positiveTestValues([])]);
  gradcheck(f, [positiveTestValues([0, 2])]);
});
test.each(unaries.filter(([name]) => !["sqrt", "log", "log1p"].includes(name)))(
  "%s has it on both sides of zero",
  (_, f) => gradcheck(f, [testValues([7])]),
);

test("sigmoid neither overflows nor loses its tail", () => {
  expect(list(e.sigmoid(tensor([-1000, 1000, -80])))).toEqual([0, 1, Math.fround(Math.exp(-80))]);
});

test("round takes halves to the even neighbour", () => {
  expect(
    list(e.round(tensor([-2.5, -1.5, -0.6, 0.4, 0.5, 1.5, 2.5, 3.49, 1e20, Infinity]))),
  ).toEqual([-2, -2, -1, 0, 0, 2, 2, 3, Math.fround(1e20), Infinity]);
  expect(list(e.round(tensor([-0.3, -0.5, NaN, -Infinity, 8388609])))).toEqual([
    -0,
    -0,
    NaN,
    -Infinity,
    8388609,
  ]);
  expect(grad(e.round, 0.3)).toBe(0);
});

test("gradients at corners: 0 for abs, relu and both bounds of clamp", () => {
  expect(grad((x) => x.abs(), 0)).toBe(0);
  expect(grad((x) => x.relu(), 0)).toBe(0);
  expect([-2, -1, 0, 1, 2].map((point) => grad((x) => x.clamp(-1, 1), point))).toEqual([
    0, 0, 1, 0, 0,
  ]);
});

test("clamp keeps NaN and integers, and refuses crossed bounds", () => {
  expect(list(tensor([-5, 0.5, 5, NaN, -Infinity]).clamp(-1, 2))).toEqual([-1, 0.5, 2, NaN, -1]);
  expect(ints(-5, 1, 5).clamp(0, 3).dtype).toBe("int32");
  expect(list(ints(-5, 1, 5).clamp(0.5, 3))).toEqual([0.5, 1, 3]);
  expect(list(tensor([1, 9]).clamp(-Infinity, 5))).toEqual([1, 5]);
  expect(() => tensor([1]).clamp(2, 1)).toThrow("clamp: expected low ≤ high, got 2 and 1");
  expect(() => tensor([1]).clamp(NaN, 1)).toThrow("clamp: expected low ≤ high");
  gradcheck((x) => x.clamp(-1, 1), [testValues([9])]);
});

const binaries: [string, e.Binary, (a: number, b: number) => number][] = [
  ["add", e.add, (a, b) => a + b],
  ["sub", e.sub, (a, b) => a - b],
  ["mul", e.mul, (a, b) => a * b],
  ["div", e.div, (a, b) => a / b],
  ["maximum", e.maximum, Math.max],
  ["minimum", e.minimum, Math.min],
  ["pow", e.pow, (a, b) => a ** b],
  ["remainder", e.remainder, (a, b) => a - b * Math.floor(a / b)],
  ["equal", e.equal, (a, b) => Number(a === b)],
  ["notEqual", e.notEqual, (a, b) => Number(a !== b)],
  ["less", e.less, (a, b) => Number(a < b)],
  ["lessEqual", e.lessEqual, (a, b) => Number(a <= b)],
  ["greater", e.greater, (a, b) => Number(a > b)],
  ["greaterEqual", e.greaterEqual, (a, b) => Number(a >= b)],
];

/** Two shapes that broadcast, drawn from one by dropping axes in front and making others 1. */
const pairs = fc
  .array(fc.integer({ min: 0, max: 3 }), { maxLength: 4 })
  .chain((shape) =>
    fc.tuple(
      fc.constant(shape),
      ...([0, 1].map(() =>
        fc
          .tuple(
            fc.integer({ min: 0, max: shape.length }),
            fc.array(fc.boolean(), { minLength: 4, maxLength: 4 }),
          )
          .map(([drop, ones]) => shape.slice(drop).map((n, i) => (ones[i] ? 1 : n))),
      ) as [fc.Arbitrary<number[]>, fc.Arbitrary<number[]>]),
    ),
  );

/** Where a cell of a broadcast result comes from: written from NumPy's rule, not from ours. */
function source(index: number, to: readonly number[], from: readonly number[]): number {
  let offset = 0;
  let step = 1;
  let rest = index;
  for (let i = 1; i <= to.length; i++) {
    const place = rest % to[to.length - i]!;
    rest = Math.floor(rest / to[to.length - i]!);
    const n = from[from.length - i];
    if (n === undefined) continue;
    if (n > 1) offset += place * step;
    step *= n;
  }
  return offset;
}

test.each(binaries)("%s broadcasts as NumPy does", (_, f, expected) =>
  fc.assert(
    fc.property(pairs, ([, a, b]) => {
      const [x, y] = [positiveTestValues(a), positiveTestValues(b, 9)];
      const program = reference({ precision: "float64" }).compile(
        (state, { p, q }: { p: Tensor; q: Tensor }) => ({ state, outputs: f(p, q) }),
        {},
        { p: { shape: a }, q: { shape: b } },
      );
      const z = program.step({ p: x, q: y });
      const rank = Math.max(a.length, b.length);
      expect(z.shape).toEqual(
        Array.from({ length: rank }, (_, i) => {
          const [m, n] = [a[a.length - rank + i] ?? 1, b[b.length - rank + i] ?? 1];
          return m === 1 ? n : m;
        }),
      );
      expect(z.data.length).toBe(sizeOf(z.shape));
      z.data.forEach((value: number, i: number) =>
        expect(value).toBeCloseTo(
          expected(x.data[source(i, z.shape, a)]!, y.data[source(i, z.shape, b)]!),
          12,
        ),
      );
    }),
    { numRuns: 60 },
  ),
);

test.each(binaries)("%s has the gradients of finite differences, broadcast or not", (_, f) => {
  for (const [a, b] of [
    [
      [2, 3],
      [2, 3],
    ],
    [[2, 3], [3]],
    [[], [2]],
    [
      [2, 1],
      [1, 3],
    ],
    [[0, 2], [1]],
    [[1], [1, 1]],
  ] as const)
    gradcheck(f, [positiveTestValues(a), positiveTestValues(b, 5)]);
  gradcheck((x) => f(x, 0.75), [positiveTestValues([4])]);
  gradcheck((x) => f(x, x.square()), [positiveTestValues([3])]);
});

test("shapes that do not broadcast are refused by name", () => {
  expect(() => tensor([1, 2]).add(tensor([1, 2, 3]))).toThrow(
    "add: expected shapes that broadcast, got [2] and [3]; each pair of sizes, from the last, " +
      "must be equal or 1",
  );
});

test("a tie's gradient is shared by maximum and minimum", () => {
  for (const f of [e.maximum, e.minimum]) {
    const [a, b] = [tensor([1, 2, 3]), tensor([1, 3, 2])];
    const { p, q } = gradients(f(a, b).sum(), { p: a, q: b });
    expect(p.add(q).data()).toEqual(Float32Array.of(1, 1, 1));
    expect([p.data()[0], q.data()[0]]).toEqual([0.5, 0.5]);
  }
});

test("NaN wins in maximum and minimum", () => {
  expect(list(tensor([NaN, 1]).maximum(tensor([1, NaN])))).toEqual([NaN, NaN]);
  expect(list(tensor([NaN, 1]).minimum(tensor([1, NaN])))).toEqual([NaN, NaN]);
});

test("remainder has the divisor's sign, as in Python", () => {
  expect(
    list(tensor([7, -7, 7, -7, -1, 1]).remainder(tensor([3, 3, -3, -3, Infinity, -Infinity]))),
  ).toEqual([1, 2, -2, -1, Infinity, -Infinity]);
  expect(list(ints(7, -7, 5).remainder(ints(3, 3, 0)))).toEqual([1, 2, 0]);
  expect(list(tensor([1]).remainder(0))).toEqual([NaN]);
  // 1 / 0.1 rounds to 10, yet nine tenths fit before the remainder: the divisor's gradient counts
  // those.
  const program = reference({ precision: "float64" }).compile(
    (state, { a, b }: { a: Tensor; b: Tensor }) => ({
      state,
      outputs: { y: a.remainder(b), g: gradients(a.remainder(b), b) },
    }),
    {},
    { a: { shape: [] }, b: { shape: [] } },
  );
  const { y, g } = program.step({ a: 1, b: 0.1 });
  expect(y.data[0]).toBeCloseTo(0.1, 12);
  expect(g.data[0]).toBe(-9);
});

test("pow has finite gradients, and higher-order gradients, at zero", () => {
  expect([0, 1, 2, 3].map((n) => grad((x) => x.pow(n), 0))).toEqual([0, 1, 0, 0]);
  expect([0, 1, 2, 3].map((n) => curvature((x) => x.pow(n), 0))).toEqual([0, 0, 2, 0]);
  const [a, b] = [tensor([0, 0, 2]), tensor([0, 2, 0])];
  const first = gradients(a.pow(b).sum(), { a, b });
  expect(list(first.a)).toEqual([0, 0, 0]);
  expect(list(first.b)).toEqual([0, 0, Math.fround(Math.log(2))]);
  const second = gradients(first.a.sum().add(first.b.sum()), { a, b });
  // ∂²/∂a∂b of aᵇ at (2, 0) is 1/2, and ∂²/∂b² is log²2.
  expect(second.a.data()[2]).toBeCloseTo(0.5);
  expect(second.b.data()[2]).toBeCloseTo(0.5 + Math.log(2) ** 2);
  for (const x of [...list(second.a), ...list(second.b)]) expect(x).not.toBeNaN();
});

test("pow of one and minus one is IEEE 754's", () => {
  expect(list(tensor([1, 1, -1, -1]).pow(tensor([NaN, Infinity, Infinity, -Infinity])))).toEqual([
    1, 1, 1, 1,
  ]);
  expect(list(tensor([NaN, -8, 0, 0]).pow(tensor([0, 1 / 3, 0, -1])))).toEqual([
    1,
    NaN,
    1,
    Infinity,
  ]);
  gradcheck((x) => x.pow(3), [testValues([5])]);
  gradcheck((x) => x.pow(-2), [positiveTestValues([5])]);
  gradcheck((x) => e.pow(tensor(1.5), x), [testValues([5])]);
});

test("integers stay integers, wrap around, and become float32 where they must", () => {
  const [big, one] = [ints(2147483647), ints(1)];
  expect(list(big.add(one))).toEqual([-2147483648]);
  expect(list(big.mul(big))).toEqual([1]);
  expect(list(big.square())).toEqual([1]);
  expect(list(ints(123456789).mul(987654321))).toEqual([Math.imul(123456789, 987654321)]);
  expect(ints(7).div(2).dtype).toBe("float32");
  expect(list(ints(7).div(2))).toEqual([3.5]);
  expect(ints(7).add(1).dtype).toBe("int32");
  expect(ints(7).add(0.5).dtype).toBe("float32");
  expect(list(ints(7).add(3e9))).toEqual([Math.fround(3000000007)]);
  expect(ints(7).add(tensor([1])).dtype).toBe("float32");
  for (const f of [e.floor, e.ceil, e.round]) expect(f(ints(7))).toMatchObject({ dtype: "int32" });
  for (const f of [e.neg, e.abs, e.sign, e.square, e.relu]) expect(f(ints(-3)).dtype).toBe("int32");
  for (const f of [e.exp, e.sqrt, e.sigmoid, e.reciprocal])
    expect(f(ints(3)).dtype).toBe("float32");
  expect(tensor([1]).less(2).dtype).toBe("int32");
  expect(list(ints(1, 2).less(1.5))).toEqual([1, 0]);
  expect(list(tensor([NaN, 1]).equal(tensor([NaN, 1])))).toEqual([0, 1]);
});

test("where takes its kind from its sides", () => {
  const test = ints(1, 0);
  expect(e.where(test, 1, 2).dtype).toBe("float32");
  expect(e.where(test, ints(1, 2), 0).dtype).toBe("int32");
  expect(e.where(test, ints(1, 2), 0.5).dtype).toBe("float32");
  expect(e.where(test, ints(1, 2), 3e9).dtype).toBe("float32");
  expect(e.where(test, ints(1, 2), tensor([1])).dtype).toBe("float32");
  expect(list(e.where(tensor([0, -0.5, NaN]), 1, 2))).toEqual([2, 1, 1]);
  expect(e.where(tensor([1, 0]).reshape([2, 1]), tensor([1, 2, 3]), 0).shape).toEqual([2, 3]);
});

test("where passes its gradient only to the selected side", () => {
  const [a, b] = [tensor([1, 2]), tensor([3, 4])];
  const { p, q } = gradients(e.where(ints(1, 0), a, b).sum(), { p: a, q: b });
  expect([list(p), list(q)]).toEqual([
    [1, 0],
    [0, 1],
  ]);
  gradcheck(
    (x, y) => e.where(x.greater(y), x.mul(y), y.exp()),
    [testValues([2, 3]), testValues([3], 5)],
  );
});
