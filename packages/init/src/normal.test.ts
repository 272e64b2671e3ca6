import { expect, test } from "vitest";
import { normal } from "./index.js";
import { problems, sample } from "./internal/sample.testing.js";

test("normal: the median is the mean, and Φ(1) one standard deviation further", () => {
  const init = normal({ mean: 0.5, std: 2 });
  expect(init([1], () => 0.5)[0]).toBe(0.5);
  expect(init([1], () => 0.8413447460685429)[0]).toBeCloseTo(2.5, 6);
});

test("normal: mean and standard deviation", () => {
  expect(problems(sample(normal({ mean: -1, std: 0.1 }), [100]), { mean: -1, std: 0.1 })).toEqual(
    [],
  );
  expect(problems(sample(normal(), [100]), { mean: 0, std: 0.05 })).toEqual([]);
});

test("normal keeps a standard deviation of zero, and refuses a negative one", () => {
  expect([...normal({ mean: 3, std: 0 })([2], () => 0.1)]).toEqual([3, 3]);
  expect(() => normal({ std: -1 })).toThrow("normal: expected a finite std ≥ 0, got -1");
  expect(() => normal({ mean: NaN })).toThrow("normal: expected a finite mean, got NaN");
});
