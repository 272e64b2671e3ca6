import { expect, test } from "vitest";
import { adagrad } from "./adagrad.js";
import { path } from "./internal/testing/updatesOf.js";

const gradients = [
  [0.1, -0.2],
  [0.3, 0.05],
  [-0.2, 0.4],
];
function last(options: Parameters<typeof adagrad>[0]): number[] {
  let step = 0;
  return path(
    adagrad({ learningRate: 0.1, ...options }),
    () => gradients[step++]!,
    [1, -0.5],
    3,
  )[2]!;
}
const near = (...values: number[]): unknown[] => values.map((value) => expect.closeTo(value, 9));

test("PyTorch's", () => expect(last({})).toEqual(near(0.8585839187, -0.5131424514)));
test("Keras' and optax'", () =>
  expect(last({ start: 0.1, eps: 0, epsRoot: 1e-7 })).toEqual(near(0.9435916772, -0.5325203503)));
test("refuses a rate below zero", () =>
  expect(() => adagrad({ learningRate: -1 })).toThrow(
    "adagrad: expected a finite learningRate ≥ 0, got -1",
  ));
