import { expect, test } from "vitest";
import { ftrl } from "./index.js";
import { path } from "./internal/testing/updatesOf.js";

test("an L1 penalty makes weights that do not help exactly 0", () => {
  // Of (w₁ − 1)² + 0.001 w₂²: the second one is not worth its penalty.
  const gradient = ([a, b]: readonly number[]): number[] => [2 * (a! - 1), 0.002 * b!];
  const [a, b] = path(ftrl({ learningRate: 0.5, l1: 0.05 }), gradient, [0, 0.5], 300).at(-1)!;
  expect(b).toBe(0);
  expect(a).toBeGreaterThan(0.8);
});

test("is the leader: the minimum of what has been seen so far", () => {
  // One step from n₀: z = g − (√(n₀ + g²) − √n₀)/η w, and w minimizes z w + ½ q w² + λ₂ w².
  const [eta, start, l2, beta, g, w] = [0.2, 0.3, 0.4, 0.5, -1.5, 0.25];
  const root = Math.sqrt(start + g * g);
  const z = g - ((root - Math.sqrt(start)) / eta) * w;
  const expected = -z / ((root + beta) / eta + 2 * l2);
  const rule = ftrl({ learningRate: eta, start, l2, beta });
  expect(path(rule, () => [g], [w], 1)[0]![0]).toBeCloseTo(expected, 12);
});
