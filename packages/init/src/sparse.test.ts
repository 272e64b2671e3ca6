import { random } from "@tenon/random";
import { expect, test } from "vitest";
import { sparse } from "./index.js";
import { problems, sample } from "./internal/sample.testing.js";

test("sparse: each input misses ⌈sparsity · out⌉ units, each unit as often as any other", () => {
  const rows = 3000;
  const columns = 7;
  const w = sparse({ sparsity: 0.3, std: 2 })([rows, columns], random(1));
  const missed = new Float64Array(columns);
  for (let row = 0; row < rows; row++) {
    const zeros = w
      .subarray(row * columns, (row + 1) * columns)
      .reduce((count, x) => count + (x === 0 ? 1 : 0), 0);
    expect(zeros).toBe(3);
    for (let i = 0; i < columns; i++) if (w[row * columns + i] === 0) missed[i]++;
  }
  const expected = (rows * 3) / 7;
  for (const count of missed)
    expect(Math.abs(count - expected)).toBeLessThan(5 * Math.sqrt((((rows * 3) / 7) * 4) / 7));
});

test("sparse: all zero or none, and the standard deviation of the rest", () => {
  expect([...sparse({ sparsity: 1 })([2, 2], random(1))]).toEqual([0, 0, 0, 0]);
  expect(problems(sample(sparse({ sparsity: 0 }), [100, 100]), { mean: 0, std: 0.01 })).toEqual([]);
});

test("sparse refuses fractions outside [0, 1], and shapes that are not matrices", () => {
  expect(() => sparse({ sparsity: 1.1 })).toThrow("sparse: expected sparsity in [0, 1], got 1.1");
  expect(() => sparse({ sparsity: 0.1, std: -1 })).toThrow(
    "sparse: expected a finite std ≥ 0, got -1",
  );
  expect(() => sparse({ sparsity: 0.1 })([3], random(1))).toThrow(
    "sparse: expected a shape [in, out], got [3]",
  );
});
