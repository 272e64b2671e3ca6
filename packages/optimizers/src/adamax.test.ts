import { expect, test } from "vitest";
import { adamax } from "./adamax.js";
import { path } from "./internal/testing/updatesOf.js";

const gradients = [
  [0.1, -0.2],
  [0.3, 0.05],
  [-0.2, 0.4],
];
function last(options: Parameters<typeof adamax>[0]): number[] {
  let step = 0;
  return path(
    adamax({ learningRate: 0.1, ...options }),
    () => gradients[step++]!,
    [1, -0.5],
    3,
  )[2]!;
}
test("PyTorch's", () =>
  expect(last({})).toEqual([expect.closeTo(0.8129871828, 9), expect.closeTo(-0.391862246, 9)]));
test("Keras'", () =>
  expect(last({ eps: 1e-7, epsOutside: true })).toEqual([
    expect.closeTo(0.8129872989, 9),
    expect.closeTo(-0.3918623006, 9),
  ]));
