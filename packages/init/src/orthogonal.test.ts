import { random } from "@tenon/random";
import fc from "fast-check";
import { expect, test } from "vitest";
import { orthogonal } from "./index.js";

test("orthogonal: the shorter side's Gram matrix is gain² times the identity", () => {
  const size = fc.integer({ min: 1, max: 12 });
  fc.assert(
    fc.property(
      fc.array(size, { minLength: 2, maxLength: 4 }),
      fc.constantFrom(1, 0.5, -2),
      fc.nat(),
      (shape, gain, seed) => {
        const w = orthogonal({ gain })(shape, random(seed));
        const columns = shape[shape.length - 1];
        const rows = w.length / columns;
        const count = Math.min(rows, columns);
        const length = Math.max(rows, columns);
        const entry = (k: number, i: number): number =>
          rows >= columns ? w[i * columns + k] : w[k * columns + i];
        for (let a = 0; a < count; a++) {
          for (let b = 0; b <= a; b++) {
            let dot = 0;
            for (let i = 0; i < length; i++) dot += entry(a, i) * entry(b, i);
            expect(Math.abs(dot - (a === b ? gain * gain : 0))).toBeLessThan(
              3e-7 * gain * gain * Math.sqrt(length),
            ); // float32's rounding
          }
        }
      },
    ),
    { numRuns: 40 },
  );
});

test("orthogonal: uniform directions (mean 0, variance 1/n), both determinants", () => {
  const source = random(1);
  const draws = 4000;
  let positive = 0;
  const sum = new Float64Array(4);
  const square = new Float64Array(4);
  for (let i = 0; i < draws; i++) {
    const w = orthogonal()([2, 2], source);
    if (w[0] * w[3] - w[1] * w[2] > 0) positive++;
    for (let k = 0; k < 4; k++) {
      sum[k] += w[k];
      square[k] += w[k] * w[k];
    }
  }
  expect(Math.abs(positive / draws - 0.5)).toBeLessThan(2.5 / Math.sqrt(draws));
  for (let k = 0; k < 4; k++) {
    expect(Math.abs(sum[k] / draws)).toBeLessThan(5 * Math.sqrt(1 / 2 / draws));
    expect(Math.abs(square[k] / draws - 0.5)).toBeLessThan(5 * Math.sqrt(1 / 8 / draws));
  }
});

test("orthogonal refuses vectors, and sources that repeat one value", () => {
  expect(() => orthogonal()([3], random(1))).toThrow(
    "orthogonal: expected a shape of two axes or more, got [3]",
  );
  expect(() => orthogonal({ gain: NaN })).toThrow("orthogonal: expected a finite gain, got NaN");
  expect(() => orthogonal()([3, 3], () => 0.3)).toThrow(
    "orthogonal: expected a source of independent values",
  );
  expect(orthogonal()([0, 3], random(1))).toHaveLength(0);
});
