import fc from "fast-check";
import { expect, test } from "vitest";
import { outputsOf } from "../../testing/run.js";
import type { Part } from "@tenon/plan";
import { place } from "./place.js";

const product = (sizes: readonly number[]): number => sizes.reduce((s, n) => s * n, 1);
const stridesOf = (shape: readonly number[]): number[] =>
  shape.map((_, axis) => product(shape.slice(axis + 1)));
const values = (length: number, start: number): Float32Array =>
  Float32Array.from({ length }, (_, i) => start + i);

/** Number after number. */
function placed(
  size: number,
  fill: number,
  parts: readonly Part[],
  arrays: readonly Float32Array[],
): Float32Array {
  const out = new Float32Array(size).fill(fill);
  parts.forEach(({ shape, strides, offset }, k) =>
    arrays[k]!.forEach((x, i) => {
      let rest = i;
      let to = offset;
      for (let axis = shape.length - 1; axis >= 0; axis--) {
        to += (rest % shape[axis]!) * strides[axis]!;
        rest = Math.floor(rest / shape[axis]!);
      }
      out[to] = x;
    }),
  );
  return out;
}

const axis = fc.record({
  n: fc.constantFrom(0, 1, 2, 5, 18),
  low: fc.nat(2),
  high: fc.nat(2),
  interior: fc.nat(1),
});
test("padding before, behind and between, in any work items", () => {
  fc.assert(
    fc.property(
      fc.array(axis, { maxLength: 4 }),
      fc.constantFrom(0, -0, 1.5, -Infinity, NaN),
      (axes, fill) => {
        const shape = axes.map(({ n }) => n);
        const padded = axes.map(
          ({ n, low, high, interior }) => low + high + n + Math.max(0, n - 1) * interior,
        );
        const strides = stridesOf(padded);
        const part = {
          shape,
          strides: strides.map((s, i) => s * (axes[i]!.interior + 1)),
          offset: axes.reduce((sum, { low }, i) => sum + low * strides[i]!, 0),
        };
        const x = values(product(shape), 1);
        const size = product(padded);
        expect(
          outputsOf(place({ size, dtype: "float32", fill, parts: [part] }), [size], [x])[0],
        ).toEqual(placed(size, fill, [part], [x]));
      },
    ),
    { numRuns: 200 },
  );
});

test("work items are rows of a batch where padding lets them be", () => {
  const parts = [{ shape: [40, 13, 7], strides: [15 * 9, 9, 1], offset: 10 }];
  const size = 40 * 15 * 9;
  const x = values(40 * 13 * 7, 1);
  const kernel = place({ size, dtype: "float32", fill: 0, parts });
  expect(kernel.workItems).toBe(2);
  expect(outputsOf(kernel, [size], [x])[0]).toEqual(placed(size, 0, parts, [x]));
});

test("arrays one after the other along any axis, in any work items", () => {
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom(1, 2, 3, 20, 65), { minLength: 1, maxLength: 3 }),
      fc.nat(2),
      fc.array(fc.constantFrom(0, 1, 4, 17), { minLength: 1, maxLength: 3 }),
      (shape, along, counts) => {
        const axis = along % shape.length;
        const whole = shape.map((n, i) =>
          i === axis ? counts.reduce<number>((s, m) => s + m, 0) : n,
        );
        const strides = stridesOf(whole);
        const size = product(whole);
        let from = 0;
        const parts = counts.map((n): Part => {
          const part = {
            shape: shape.map((m, i) => (i === axis ? n : m)),
            strides,
            offset: from * strides[axis]!,
          };
          from += n;
          return part;
        });
        const arrays = parts.map((part, k) => values(product(part.shape), 1e5 * k));
        expect(outputsOf(place({ size, dtype: "float32", parts }), [size], arrays)[0]).toEqual(
          placed(size, NaN, parts, arrays),
        );
      },
    ),
    { numRuns: 200 },
  );
});

test("integers keep their bits", () => {
  const words = Int32Array.of(-1, 0x7fc00001, 7);
  const placed = outputsOf(
    place({ size: 5, dtype: "int32", fill: -3, parts: [{ shape: [3], strides: [1], offset: 1 }] }),
    [5],
    [words],
  )[0]!;
  expect([...new Int32Array(placed.buffer)]).toEqual([-3, -1, 0x7fc00001, 7, -3]);
});
