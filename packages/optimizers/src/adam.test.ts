import { expect, test } from "vitest";
import { adam, addDecayedWeights, chain } from "./index.js";
import { path } from "./internal/testing/updatesOf.js";

// Inventory rows: w₀ = [1, −.5], three gradients, rate .1.
const gradients = [
  [0.1, -0.2],
  [0.3, 0.05],
  [-0.2, 0.4],
];
function last(transform: ReturnType<typeof adam>, by = 1): number[] {
  let step = 0;
  return path(transform, () => gradients[step++]!.map((g) => g * by), [1, -0.5], 3)[2]!;
}
const near = (...values: number[]): unknown[] => values.map((value) => expect.closeTo(value, 9));

test("PyTorch's and optax'", () =>
  expect(last(adam({ learningRate: 0.1 }))).toEqual(near(0.7824315229, -0.3932356492)));
test("Keras'", () =>
  expect(last(adam({ learningRate: 0.1, eps: 1e-7, epsHat: true }))).toEqual(
    near(0.7824358056, -0.3932376617),
  ));
test("small gradients show where ε is added", () => {
  expect(last(adam({ learningRate: 0.1 }), 1e-6)).toEqual(near(0.7965913334, -0.399523076));
  expect(last(adam({ learningRate: 0.1, eps: 1e-7, epsHat: true }), 1e-6)).toEqual(
    near(0.9858638349, -0.4961845189),
  );
});
test("PyTorch's weight decay is L2 before the rule", () =>
  expect(last(chain(addDecayedWeights(0.01), adam({ learningRate: 0.1 })))).toEqual(
    near(0.7779544628, -0.3896306873),
  ));
test("NAdam as optax has it", () =>
  expect(last(adam({ learningRate: 0.1, nesterov: true }))).toEqual(
    near(0.7399898487, -0.426357895),
  ));
test("refuses a rate below zero", () =>
  expect(() => adam({ learningRate: -1 })).toThrow(
    "adam: expected a finite learningRate ≥ 0, got -1",
  ));
