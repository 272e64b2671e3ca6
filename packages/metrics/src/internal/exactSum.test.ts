import fc from "fast-check";
import { expect, test } from "vitest";
import { addedTo, noSum, total, type ExactSum } from "./exactSum.js";

const exactSum = (values: readonly number[]): ExactSum =>
  addedTo(noSum, values.length, (i) => values[i]);

/**
 * The sum in whole numbers of 2⁻¹⁰⁷⁴, rounded by JavaScript's own parser: every double is such a
 * number.
 */
function exactly(values: readonly number[]): number {
  const bits = new DataView(new ArrayBuffer(8));
  let sum = 0n;
  for (const value of values) {
    bits.setFloat64(0, value);
    const word = bits.getBigUint64(0);
    const exponent = (word >> 52n) & 0x7ffn;
    const fraction = (word & 0xfffffffffffffn) | (exponent ? 1n << 52n : 0n);
    const size = fraction << (exponent ? exponent - 1n : 0n);
    sum += word >> 63n ? -size : size;
  }
  // sum · 2⁻¹⁰⁷⁴ = sum · 5¹⁰⁷⁴ / 10¹⁰⁷⁴
  return Number(`${sum * 5n ** 1074n}e-1074`);
}

test("sums are those of infinite precision, rounded once", () => {
  expect(total(exactSum([1e16, 1, -1e16]))).toBe(1);
  expect(total(exactSum([0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1]))).toBe(1);
  expect(total(exactSum([2 ** 53, 1, 2 ** -60]))).toBe(2 ** 53 + 2);
  expect(total(exactSum([]))).toBe(0);
  const double = fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e300, max: 1e300 });
  fc.assert(
    fc.property(
      fc.array(fc.oneof(double, fc.integer(), fc.double({ min: -1, max: 1, noNaN: true })), {
        maxLength: 40,
      }),
      (values) => {
        expect(total(exactSum(values)) + 0).toBe(exactly(values) + 0);
      },
    ),
    { numRuns: 500 },
  );
});

test("order, batches and JSON do not matter", () => {
  fc.assert(
    fc.property(fc.array(fc.double(), { maxLength: 30 }), fc.nat(30), (values, split) => {
      const [head, tail] = [values.slice(0, split), values.slice(split)];
      const saved = JSON.parse(JSON.stringify(exactSum(head))) as ExactSum;
      const whole = exactSum(values);
      expect(addedTo(saved, tail.length, (i) => tail[i])).toEqual(whole);
      // an infinity depends on the order
      const large = values.reduce((sum, value) => sum + Math.abs(value), 0) > 1e308;
      if (!large) expect(total(exactSum([...values].reverse())) + 0).toBe(total(whole) + 0);
    }),
  );
});

test("infinities and NaN are kept", () => {
  expect(total(exactSum([1, Infinity, 1]))).toBe(Infinity);
  expect(total(exactSum([-Infinity]))).toBe(-Infinity);
  expect(total(exactSum([Infinity, -Infinity]))).toBeNaN();
  expect(total(exactSum([NaN, 1]))).toBeNaN();
  expect(total(exactSum([1e308, 1e308, 1]))).toBe(Infinity);
});
