import { expect, test } from "vitest";
import { gradients } from "../gradients.js";
import { gradcheck, testValues } from "../internal/gradcheck.js";
import { reference } from "../reference.js";
import type { Tensor } from "../tensor.js";
import { tensor } from "./leaf.js";
import * as t from "./trigonometry.js";

const exact = (f: (x: Tensor) => Tensor, xs: readonly number[]) => {
  const program = reference({ precision: "float64" }).compile(
    (state, x: Tensor) => ({ state, outputs: f(x) }),
    {},
    { shape: [xs.length] },
  );
  return program.step(Float64Array.from(xs)).data;
};
const wide = [
  0, 1e-12, -1e-12, 1e-3, 0.2, 0.4375, -0.5, 0.99, 1, -1, 1.01, 1.5, 2.4, -2.5, 20, -88, 500,
];
const unit = [0, 1e-12, -1e-3, 0.1, 0.3, -0.5, 0.7, 0.9, -0.99, 0.999999];

test.each<[string, (x: Tensor) => Tensor, (x: number) => number, readonly number[]]>([
  ["tan", t.tan, Math.tan, wide],
  ["sinh", t.sinh, Math.sinh, wide],
  ["cosh", t.cosh, Math.cosh, wide],
  ["atan", t.atan, Math.atan, [...wide, 1e300, Infinity, -Infinity]],
  ["asin", t.asin, Math.asin, [...unit, 1, -1]],
  ["acos", t.acos, Math.acos, [...unit, 1, -1]],
  ["atanh", t.atanh, Math.atanh, unit],
  ["asinh", t.asinh, Math.asinh, [...wide, 3e8, -1e300]],
])(
  "%s is what JavaScript says, to 1e-13, with the gradient of finite differences and that one's",
  (name, f, expected, points) => {
    exact(f, points).forEach((y: number, i: number) => {
      const want = expected(points[i]!);
      expect(
        Math.abs(y - want),
        `${name} ${points[i]}: expected ${want}, got ${y}`,
      ).toBeLessThanOrEqual(1e-13 * Math.max(1e-12, Math.abs(want)));
    });
    const inside = testValues([8]);
    gradcheck(f, [{ ...inside, data: Float64Array.from(inside.data, (x) => x * 0.45) }]);
    gradcheck(f, [{ shape: [1], dtype: "float32", data: Float64Array.of(0) }]);
  },
);

test("acosh is what JavaScript says, exact near 1, with the gradients of finite differences", () => {
  const points = [1, 1 + 1e-12, 1.001, 1.5, 20, 500, 3e8, 1e300, Infinity];
  exact(t.acosh, points).forEach((y: number, i: number) => {
    // Math.acosh is off near 1, where acosh(1 + t) = √2t (1 − t / 12 + …).
    const beyond = points[i]! - 1;
    const want = beyond < 1e-6 ? Math.sqrt(2 * beyond) * (1 - beyond / 12) : Math.acosh(points[i]!);
    expect(Math.abs(y - want) || 0, `acosh ${points[i]}`).toBeLessThanOrEqual(
      1e-13 * Math.max(1e-12, want),
    );
  });
  expect(t.acosh(tensor(0.9)).item()).toBeNaN();
  expect([...t.asinh(tensor([Infinity, -Infinity])).data()]).toEqual([Infinity, -Infinity]);
  const inside = testValues([8]);
  gradcheck(t.acosh, [{ ...inside, data: Float64Array.from(inside.data, (x) => 4 + x) }]);
});

test("asin and acos are NaN outside [−1, 1]", () => {
  for (const f of [t.asin, t.acos]) expect([...f(tensor([1.5, -2])).data()]).toEqual([NaN, NaN]);
});

test("atan is continuous, for large x and where its formulas meet", () => {
  gradcheck(t.atan, [
    { shape: [6], dtype: "float32", data: Float64Array.of(1.2, -1.2, 5, -50, 0.4375, 3) },
  ]);
  const x = tensor([1, -1]);
  expect([...gradients(t.atan(x).sum(), x).data()]).toEqual([0.5, 0.5]);
});

test("atan2 is right in all four quadrants and on the axes", () => {
  const angles = Array.from({ length: 16 }, (_, i) => ((i - 7) * Math.PI) / 8);
  const [sines, cosines] = [angles.map(Math.sin), angles.map(Math.cos)];
  const program = reference({ precision: "float64" }).compile(
    (state, { y, x }: { y: Tensor; x: Tensor }) => ({ state, outputs: t.atan2(y, x) }),
    {},
    { y: { shape: [16] }, x: { shape: [16] } },
  );
  program
    .step({ y: sines, x: cosines })
    .data.forEach((angle: number, i: number) =>
      expect(angle).toBeCloseTo(Math.atan2(sines[i]!, cosines[i]!), 13),
    );
  expect([...t.atan2(tensor([0, 1, -1, 0, 0]), tensor([1, 0, 0, -1, 0])).data()]).toEqual(
    [0, Math.PI / 2, -Math.PI / 2, Math.PI, 0].map(Math.fround),
  );
  expect(t.atan2(tensor(1), 1).item()).toBeCloseTo(Math.PI / 4, 6);
  expect([...t.atan2(tensor([-0, 0]), -0.5).data()]).toEqual([-Math.PI, Math.PI].map(Math.fround));
  gradcheck(t.atan2, [testValues([2, 3]), testValues([3], 5)]);
});

test("far out, the gradients of asinh and acosh are 1 / |x|", () => {
  for (const f of [t.asinh, t.acosh]) {
    const x = tensor([1e20, 1e30]);
    for (const one of gradients(f(x).sum(), { x }).x.mul(x).data()) expect(one).toBeCloseTo(1, 5);
  }
});
