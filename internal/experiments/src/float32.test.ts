import fc from "fast-check";
import { expect, test } from "vitest";
import { float32Bits, float32Spacing } from "./index.js";

test("the distance to the next float32 number", () => {
  expect(float32Spacing(1)).toBe(2 ** -23);
  expect(float32Spacing(1.9999)).toBe(2 ** -23);
  expect(float32Spacing(-2)).toBe(2 ** -22);
  expect(float32Spacing(1e10)).toBe(1024);
  expect(float32Spacing(2 ** -126)).toBe(2 ** -149);
  expect(float32Spacing(0)).toBe(2 ** -149);
});

test("a number and its distance is the next number, and half of it is lost", () => {
  fc.assert(
    fc.property(fc.float({ min: 0, noNaN: true, max: 2 ** 100 }), (x) => {
      const bits = new Uint32Array(Float32Array.of(x).buffer)[0]! + 1;
      const next = new Float32Array(Uint32Array.of(bits).buffer)[0]!;
      expect(next - x).toBe(float32Spacing(x));
      expect(Math.fround(x + 0.49 * float32Spacing(x))).toBe(x + 0);
    }),
  );
});

test("1e10 + 1e-10 is 1e10 in float32", () => {
  expect(Math.fround(Math.fround(1e10) + Math.fround(1e-10))).toBe(1e10);
});

test("the bits are sign, exponent and fraction", () => {
  expect(float32Bits(1)).toEqual(["0", "01111111", "0".repeat(23)]);
  expect(float32Bits(-2.5)).toEqual(["1", "10000000", `01${"0".repeat(21)}`]);
});
