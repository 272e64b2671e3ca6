import fc from "fast-check";
import { expect, test } from "vitest";
import { stridesOf, sizeOf } from "@tenon/tensor";
import { reshapedStrides } from "./access.js";

/** Every place that a view visits, in row-major order. */
function places(shape: readonly number[], strides: readonly number[]): number[] {
  return Array.from({ length: sizeOf(shape) }, (_, i) =>
    stridesOf(shape).reduce(
      (offset, step, axis) => offset + (Math.floor(i / step) % shape[axis]!) * strides[axis]!,
      0,
    ),
  );
}

const size = fc.constantFrom(1, 1, 2, 3, 4);
const split = (n: number): fc.Arbitrary<number[]> =>
  fc.array(fc.constantFrom(1, 2, 3, 4, 6, 8, 12), { maxLength: 4 }).map((parts) => {
    const shape: number[] = [];
    let remaining = n;
    for (const part of parts)
      if (remaining % part === 0) {
        shape.push(part);
        remaining /= part;
      }
    return remaining === 1 ? shape : [...shape, remaining];
  });

test("a view that can be reshaped visits the same places in the same order", () => {
  let found = 0;
  fc.assert(
    fc.property(
      fc.array(size, { minLength: 1, maxLength: 4 }).chain((shape) =>
        fc.tuple(
          fc.constant(shape),
          fc.shuffledSubarray(
            shape.map((_, i) => i),
            { minLength: shape.length },
          ),
          split(sizeOf(shape)),
        ),
      ),
      ([shape, order, to]) => {
        const from = order.map((axis) => shape[axis]!);
        const strides = order.map((axis) => stridesOf(shape)[axis]!);
        const result = reshapedStrides(strides, from, to);
        if (!result) return;
        found++;
        expect(places(to, result)).toEqual(places(from, strides));
      },
    ),
    { numRuns: 500 },
  );
  expect(found).toBeGreaterThan(100);
});

test("strides express any reshape of contiguous values, but no flat transpose", () => {
  expect(reshapedStrides([6, 2, 1], [4, 3, 2], [2, 12])).toEqual([12, 1]);
  expect(reshapedStrides([1, 3], [3, 2], [6])).toBeUndefined();
  expect(reshapedStrides([0, 1], [4, 3], [2, 2, 3])).toEqual([0, 0, 1]);
  expect(reshapedStrides([1], [3], [3, 1, 1])).toEqual([1, 0, 0]);
});
