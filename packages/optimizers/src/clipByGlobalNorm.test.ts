import { expect, test } from "vitest";
import { clipByGlobalNorm } from "./clipByGlobalNorm.js";
import { eager } from "./internal/testing/eager.js";

const vector = (x: number) => ({ shape: [1], data: [x] });
function clip(transform: ReturnType<typeof clipByGlobalNorm>, a: number, b: number): number[] {
  const updates = eager(transform, { a: vector(0), b: vector(0) }).step({
    a: vector(a),
    b: vector(b),
  });
  return [updates["a"]!.data[0]!, updates["b"]!.data[0]!];
}
const near = (...values: number[]): unknown[] => values.map((value) => expect.closeTo(value, 14));

test("all parameters together: the direction stays", () =>
  expect(clip(clipByGlobalNorm(1), 3, -4)).toEqual(near(0.6, -0.8)));
test("up to the threshold nothing changes, to the last bit", () =>
  expect(clip(clipByGlobalNorm(7), 3.1, -4.7)).toEqual([3.1, -4.7]));
test("PyTorch's form, and the tutorial's", () => {
  expect(clip(clipByGlobalNorm(2, { form: "torch" }), 3, -4)).toEqual(
    near(6 / (5 + 1e-6), -8 / (5 + 1e-6)),
  );
  expect(clip(clipByGlobalNorm(2, { form: "tutorial" }), 3, -4)).toEqual(near(0.6, -0.8));
  expect(clip(clipByGlobalNorm(6, { form: "tutorial" }), 3, -4)).toEqual([3, -4]);
});
test("refuses an infinite threshold", () =>
  expect(() => clipByGlobalNorm(Infinity)).toThrow(
    "clipByGlobalNorm: expected a finite norm > 0, got Infinity",
  ));
