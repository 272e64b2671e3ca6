import { expectClose } from "@tenon/testkit";
import { tensor } from "@tenon/tensor";
import { expect, test } from "vitest";
import { circle, type CircleOptions } from "./index.js";
import { run } from "./internal/testing.js";

const embeddings = [1, 0.5, -0.2, 0.8, 0.7, 0.1, -0.3, 1, 0.4, -0.1, 0.9, -0.6].concat([
  ...[0.2, -0.4, 1, 0.9, 0.1, 0.3],
]);
const labels = tensor(Int32Array.of(0, 0, 1, 1, 2, 0));
const of = (options: CircleOptions, data: readonly number[] = embeddings) =>
  run((x) => circle(x, labels, options), data, [6, 3]);

test("has Keras' values, and the paper's gradients, or Keras'", () => {
  const soft = { gamma: 4, margin: 0.25 };
  // Keras 3.15 in float32, on embeddings of length 1; of PyTorch, the paper's weights as constants.
  expectClose(
    of({ ...soft, reduction: "none" }).loss,
    [1.814681, 2.0412275, 2.013154, 2.1952316, 0, 1.9193857],
    1e-6,
  );
  expectClose(
    of({ reduction: "none" }).loss,
    [1.1978e-5, 4.82686e-4, 3.389843, 3.880429, 0, 3.71027e-4],
    1e-5,
  );
  expectClose(
    of(soft).grad.slice(0, 6),
    [-0.1618979788, 0.2392804564, -0.2112887529, -0.3870622586, 0.4512424841, -0.06219931978],
    1e-9,
  );
  expectClose(
    of({ ...soft, weightGradients: true }).grad.slice(0, 6),
    [-0.1865646, 0.2690353, -0.2602349, -0.4362813, 0.5161437, -0.1227557],
    1e-6,
  );
});

test("is finite where all examples are alike, of zeros, and where none is", () => {
  for (const given of [Int32Array.of(3, 3, 3, 3, 3, 3), Int32Array.of(0, 1, 2, 3, 4, 5)]) {
    const { loss, grad } = run((x) => circle(x, tensor(given)), embeddings, [6, 3]);
    expect(loss[0]).toBe(0);
    expect(grad.every((g) => g === 0)).toBe(true);
  }
  const { loss, grad } = of({}, Array<number>(18).fill(0));
  expect([...loss, ...grad].every(Number.isFinite)).toBe(true);
});

test("refuses other than one row for each example", () => {
  const x = tensor(new Float32Array(8), [2, 2, 2]);
  expect(() => circle(x, tensor(new Int32Array(4), [2, 2]))).toThrow(
    "circle: expected embeddings [n, features], got [2, 2, 2]",
  );
});
