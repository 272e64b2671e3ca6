import fc from "fast-check";
import { expect, test } from "vitest";
import { elementwise } from "../kernels/loop/elementwise.js";
import { kernelRun } from "../testing/runKernel.js";
import { apply, everyFloat, ulps, worst } from "./internal/apply.js";

test.each([
  ["sin", Math.sin],
  ["cos", Math.cos],
] as const)("%s is right to half a unit, however many turns", (op, truth) => {
  for (const xs of [
    everyFloat(20_011),
    Float32Array.from({ length: 40_000 }, (_, i) => (i - 20_000) / 512),
    Float32Array.from({ length: 40_000 }, (_, i) => (i * Math.PI) / 2),
  ]) {
    const { off, at } = worst(op, truth, xs);
    expect(off, `at ${at}`).toBeLessThanOrEqual(0.501);
  }
  const corners = [0, -0, Infinity, -Infinity, NaN, 1e-45, -1e-45, 3.4028234663852886e38];
  expect([...apply(op, corners)]).toEqual(corners.map((x) => Math.fround(truth(Math.fround(x)))));
});

test("the sine of a lane does not depend on the other lane", () => {
  const xs = Float32Array.from({ length: 4096 }, (_, i) => i * 1.37);
  const alone = apply("sin", xs);
  const paired = apply(
    "sin",
    [...xs].flatMap((x, i) => (i % 2 === 0 ? [x, 1e30] : [-1e7, x])),
  );
  alone.forEach((y, i) => expect(paired[2 * i + (i % 2)]).toBe(y));
});

/**
 * By its series up to 1, beyond by its continued fraction (Abramowitz & Stegun 7.1.6 and 7.1.14),
 * without fitted coefficients.
 */
function erfc(x: number): number {
  if (x < 0) return 2 - erfc(-x);
  if (x < 1) {
    let term = x;
    let sum = x;
    for (let k = 1; term > 1e-20 * sum; k++) sum += term *= (2 * x * x) / (2 * k + 1);
    return 1 - (2 * Math.exp(-x * x) * sum) / Math.sqrt(Math.PI);
  }
  let fraction = 0;
  for (let k = 200; k >= 1; k--) fraction = k / 2 / (x + fraction);
  return Math.exp(-x * x) / Math.sqrt(Math.PI) / (x + fraction);
}

test.each([
  ["erfc", erfc],
  ["normalCdf", (x: number) => erfc(-x * Math.SQRT1_2) / 2],
] as const)("%s is right to a unit in both tails, down to the smallest float32", (op, truth) => {
  for (const xs of [
    everyFloat(20_011),
    Float32Array.from({ length: 40_000 }, (_, i) => (i - 20_000) / 1312),
  ]) {
    const { off, at } = worst(op, (x) => (Number.isNaN(x) ? NaN : truth(x)), xs);
    expect(off, `at ${at}`).toBeLessThanOrEqual(1);
  }
});

const float = fc.float({ noDefaultInfinity: true, noNaN: true });
const corner = fc.constantFrom(
  0,
  -0,
  1,
  -1,
  2,
  -2,
  3,
  -3,
  0.5,
  -0.5,
  Infinity,
  -Infinity,
  NaN,
  1e-45,
  3.4028234663852886e38,
  16777216,
  16777217,
);
const power = (a: number, b: number): number =>
  a === 1 || (a === -1 && Math.abs(b) === Infinity) ? 1 : a ** b;

test("pow has an error of at most one unit in the last place, for any two values", () => {
  fc.assert(
    fc.property(
      fc.array(
        fc.tuple(
          fc.oneof(corner, float, fc.float({ min: 0, max: 16, noNaN: true })),
          fc.oneof(
            corner,
            fc.integer({ min: -40, max: 40 }),
            fc.float({ min: -20, max: 20, noNaN: true }),
            float,
          ),
        ),
        { minLength: 1, maxLength: 200 },
      ),
      (pairs) => {
        const [a, b] = [0, 1].map((k) => Float32Array.from(pairs, (pair) => pair[k as 0 | 1]));
        apply("pow", a!, b!).forEach((got, i) => {
          const truth = power(a![i]!, b![i]!);
          expect(ulps(got, truth), `${a![i]} ** ${b![i]}`).toBeLessThanOrEqual(1);
          if (truth === 0) expect(Object.is(got, truth), `sign of ${a![i]} ** ${b![i]}`).toBe(true);
        });
      },
    ),
    { numRuns: 200 },
  );
});

const modulo = (a: number, b: number): number => {
  const r = a % b;
  return r !== 0 && r < 0 !== b < 0 ? r + b : r;
};

test("a remainder is exact, however large the quotient", () => {
  fc.assert(
    fc.property(
      fc.array(
        fc.tuple(
          fc.oneof(corner, float),
          fc.oneof(corner, float, fc.float({ min: -8, max: 8, noNaN: true })),
        ),
        { minLength: 1, maxLength: 100 },
      ),
      (pairs) => {
        const [a, b] = [0, 1].map((k) => Float32Array.from(pairs, (pair) => pair[k as 0 | 1]));
        apply("remainder", a!, b!).forEach((got, i) =>
          expect(got, `${a![i]} mod ${b![i]}`).toBe(Math.fround(modulo(a![i]!, b![i]!))),
        ); // toBe tells −0 from 0
      },
    ),
    { numRuns: 200 },
  );
});

test("a remainder of integers is exact, and 0 by zero", () => {
  const integer = fc.oneof(
    fc.integer({ min: -2147483648, max: 2147483647 }),
    fc.constantFrom(0, 1, -1, 7, -7, -2147483648, 2147483647),
  );
  fc.assert(
    fc.property(fc.array(fc.tuple(integer, integer), { minLength: 1, maxLength: 50 }), (pairs) => {
      const { length } = pairs;
      const inputs = [
        { strides: [1], offset: 0 },
        { strides: [1], offset: 0 },
      ];
      const dtype = "int32";
      const kernel = elementwise({
        shape: [length],
        inputs,
        outputs: [2],
        body: [
          { op: "load", input: 0, dtype },
          { op: "load", input: 1, dtype },
          { op: "remainder", args: [0, 1], dtype },
        ],
      });
      const { run, arrays } = kernelRun(kernel, [
        new Int32Array(length),
        ...[0, 1].map((k) => Int32Array.from(pairs, (pair) => pair[k as 0 | 1])),
      ]);
      run();
      pairs.forEach(([a, b], i) => expect(arrays[0]![i], `${a} mod ${b}`).toBe(modulo(a, b) | 0));
    }),
  );
});
