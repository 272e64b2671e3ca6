import { expect, test } from "vitest";
import { adamw } from "./adamw.js";
import { path, updatesOf } from "./internal/testing/updatesOf.js";

const gradients = [
  [0.1, -0.2],
  [0.3, 0.05],
  [-0.2, 0.4],
];
function last(options: Parameters<typeof adamw>[0]): number[] {
  let step = 0;
  return path(adamw({ learningRate: 0.1, ...options }), () => gradients[step++]!, [1, -0.5], 3)[2]!;
}
const near = (...values: number[]): unknown[] => values.map((value) => expect.closeTo(value, 9));

test("PyTorch's", () => expect(last({})).toEqual(near(0.7797262, -0.3919839955)));
test("Keras'", () =>
  expect(last({ eps: 1e-7, epsHat: true, weightDecay: 0.004 })).toEqual(
    near(0.7813529779, -0.3927366628),
  ));
test("optax'", () => expect(last({ weightDecay: 1e-4 })).toEqual(near(0.782404441, -0.3932231188)));
test("only selected parameters decay", () => {
  expect(
    updatesOf(
      adamw({ learningRate: 1, weightDecay: 0.5, only: (path) => path !== "w" }),
      [[0]],
      [4],
    ),
  ).toEqual([[0]].map(([x]) => [expect.closeTo(x!, 12)]));
  expect(
    updatesOf(
      adamw({ learningRate: 1, weightDecay: 0.5, only: (_, shape) => shape.length === 1 }),
      [[0]],
      [4],
    ),
  ).toEqual([[-2]]);
});
test("the decay may depend on the step, and is refused below zero", () => {
  expect(
    updatesOf(adamw({ learningRate: 1, weightDecay: (step) => step }), [[0], [0]], [4])[1],
  ).toEqual([-4]);
  expect(() => adamw({ weightDecay: -0.1 })).toThrow(
    "adamw: expected a finite weightDecay ≥ 0, got -0.1",
  );
});
