import { expect, test } from "vitest";
import type { UnaryOp } from "../kernels/loop/loop.js";
import { apply, everyFloat, worst } from "./internal/apply.js";

/**
 * By its series up to 3, beyond by its continued fraction (Abramowitz & Stegun 7.1.6 and 7.1.14),
 * without fitted coefficients.
 */
function erf(x: number): number {
  const a = Math.abs(x);
  if (Number.isNaN(x) || a > 6) return Math.sign(x);
  if (a < 3) {
    let term = a;
    let sum = a;
    for (let k = 1; term > 1e-20 * sum; k++) sum += term *= (2 * a * a) / (2 * k + 1);
    return (Math.sign(x) * 2 * Math.exp(-a * a) * sum) / Math.sqrt(Math.PI);
  }
  let fraction = 0;
  for (let k = 80; k >= 1; k--) fraction = k / 2 / (a + fraction);
  return Math.sign(x) * (1 - Math.exp(-a * a) / Math.sqrt(Math.PI) / (a + fraction));
}
const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));

const truths = {
  exp: [Math.exp, 1],
  expm1: [Math.expm1, 2],
  log: [Math.log, 1],
  log2: [Math.log2, 2],
  log1p: [Math.log1p, 3],
  tanh: [Math.tanh, 2],
  sigmoid: [sigmoid, 3],
  erf: [erf, 2],
  sqrt: [Math.sqrt, 0.5],
} as const satisfies Partial<Record<UnaryOp, readonly [(x: number) => number, number]>>;
const cases = Object.entries(truths) as [keyof typeof truths, (typeof truths)["exp"]][];

test.each(cases)("%s has the stated error over all of float32", (op, [truth, most]) => {
  const { off, at } = worst(op, truth, everyFloat(20_011));
  expect(off, `at ${at}`).toBeLessThanOrEqual(most);
});

test.each(cases)("%s has the stated error between -5 and 5", (op, [truth, most]) => {
  const { off, at } = worst(
    op,
    truth,
    Float32Array.from({ length: 40_000 }, (_, i) => (i - 20_000) / 4096),
  );
  expect(off, `at ${at}`).toBeLessThanOrEqual(most);
});

const corners = [0, -0, Infinity, -Infinity, NaN, 1e-45, -1e-45];
test.each(cases)("%s of zeros, infinities, NaN and the smallest denormals", (op, [truth]) => {
  expect([...apply(op, corners)]).toEqual(corners.map((x) => Math.fround(truth(Math.fround(x)))));
});

test("an exponential ends where float32 does", () => {
  const [largest, over, smallest, under] = [88.72283, 88.72284, -103.97207, -103.97209].map(
    Math.fround,
  ) as [number, number, number, number];
  expect([...apply("exp", [over, under])]).toEqual([Infinity, 0]);
  expect(apply("exp", [smallest])[0]).toBe(2 ** -149);
  for (const op of ["exp", "expm1"] as const) {
    const got = apply(op, [largest, over])[0]!;
    expect(got).toBeGreaterThan(3.4e38);
    expect(got).toBeLessThan(Infinity);
  }
});
