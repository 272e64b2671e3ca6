import { expect, test } from "vitest";
import { centralize } from "./centralize.js";
import { eager } from "./internal/testing/eager.js";

const zeros = { shape: [2, 2], data: [0, 0, 0, 0] };
const gradient = { shape: [2, 2], data: [1, 5, 3, 9] };
const centralized = (transform: ReturnType<typeof centralize>): number[] => [
  ...eager(transform, { w: zeros }).step({ w: gradient })["w"]!.data,
];

test("subtracts the mean of each unit's weights, or along other axes", () => {
  expect(centralized(centralize())).toEqual([-1, -2, 1, 2]);
  expect(centralized(centralize({ axes: () => [-1] }))).toEqual([-2, 2, -3, 3]);
});
test("leaves vectors unchanged", () =>
  expect([
    ...eager(centralize(), { b: { shape: [2], data: [0, 0] } }).step({
      b: { shape: [2], data: [1, 3] },
    })["b"]!.data,
  ]).toEqual([1, 3]));
