import { expect, test } from "vitest";
import { gradcheck, testValues } from "../internal/gradcheck.js";
import { reference } from "../reference.js";
import type { Tensor } from "../tensor.js";
import { erf } from "./erf.js";

// Abramowitz & Stegun (1964), table 7.1, and erf(3) and erf(4) to sixteen digits.
const table: [number, number][] = [
  [0, 0],
  [0.1, 0.1124629160182849],
  [0.5, 0.5204998778130465],
  [1, 0.8427007929497149],
  [2, 0.9953222650189527],
  [2.5, 0.999593047982555],
  [3, 0.9999779095030014],
  [4, 0.9999999845827421],
  [6.5, 1],
  [Infinity, 1],
];

test("is odd and as tabulated", () => {
  const program = reference({ precision: "float64" }).compile(
    (state, x: Tensor) => ({ state, outputs: { y: erf(x), mirrored: erf(x.neg()) } }),
    {},
    { shape: [table.length] },
  );
  const { y, mirrored } = program.step(table.map(([x]) => x));
  table.forEach(([, want], i) => {
    expect(Math.abs(y.data[i]! - want)).toBeLessThan(2e-15);
    expect(mirrored.data[i]! + y.data[i]!).toBe(0);
  });
});

test("has no jump where its two formulas meet", () => {
  const program = reference({ precision: "float64" }).compile(
    (state, x: Tensor) => ({ state, outputs: erf(x) }),
    {},
    { shape: [2] },
  );
  const [below, above] = program.step([2.5 - 1e-13, 2.5]).data;
  expect(Math.abs(above! - below!)).toBeLessThan(1e-15);
});

test("NaN stays NaN", () =>
  expect(
    reference()
      .compile((state, x: Tensor) => ({ state, outputs: erf(x) }), {}, { shape: [1] })
      .step([NaN]).data[0],
  ).toBeNaN());
test("its gradient is that of finite differences", () => gradcheck(erf, [testValues([8])]));
