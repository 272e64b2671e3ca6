import { expect, test } from "vitest";
import { rmsprop } from "./rmsprop.js";
import { path } from "./internal/testing/updatesOf.js";

const gradients = [
  [0.1, -0.2],
  [0.3, 0.05],
  [-0.2, 0.4],
];
function last(options: Parameters<typeof rmsprop>[0]): number[] {
  let step = 0;
  return path(
    rmsprop({ learningRate: 0.1, ...options }),
    () => gradients[step++]!,
    [1, -0.5],
    3,
  )[2]!;
}
const near = (...values: number[]): unknown[] => values.map((value) => expect.closeTo(value, 9));

test("PyTorch's", () => expect(last({ decay: 0.99 })).toEqual(near(-0.4125239215, -0.6343815794)));
test("Keras'", () =>
  expect(last({ eps: 0, epsRoot: 1e-7, rateInside: true })).toEqual(
    near(0.5582995096, -0.5510600633),
  ));
test("optax'", () =>
  expect(last({ eps: 0, epsRoot: 1e-8, rateInside: true })).toEqual(
    near(0.5582845236, -0.5510581104),
  ));
test("Keras', with momentum and centered", () =>
  expect(last({ eps: 0, epsRoot: 1e-7, rateInside: true, momentum: 0.9, centered: true })).toEqual(
    near(-0.348382713, -0.0460479642),
  ));
test("there is a velocity only with momentum", () => {
  expect(Object.keys(rmsprop().slots({ w: [1] }))).toEqual(["scaleByRms/v"]);
  expect(Object.keys(rmsprop({ momentum: 0.9, centered: true }).slots({ w: [1] }))).toEqual([
    "scaleByRms/v",
    "scaleByRms/m",
    "trace/v",
  ]);
});
test("refuses a rate below zero", () =>
  expect(() => rmsprop({ learningRate: -1 })).toThrow(
    "rmsprop: expected a finite learningRate ≥ 0, got -1",
  ));
