import { expectClose } from "@tenon/testkit";
import { expect, test } from "vitest";
import { initSlots, madgrad, scaleBySm3 } from "./index.js";
import { eager } from "./internal/testing/eager.js";
import { path } from "./internal/testing/updatesOf.js";

test("sm3 bounds the sum of squares by the smallest maximum along an axis", () => {
  const shape = [2, 2];
  const run = eager(scaleBySm3({ momentum: 0 }), { w: { shape, data: [0, 0, 0, 0] } });
  run.step({ w: { shape, data: [1, 2, 3, 4] } });
  expectClose(run.slots["scaleBySm3/axis0"]!["w"]!.data, [4, 16]);
  expectClose(run.slots["scaleBySm3/axis1"]!["w"]!.data, [9, 16]);
  const next = run.step({ w: { shape, data: [1, 1, 1, 1] } })["w"]!;
  expectClose(
    next.data,
    [4, 4, 9, 16].map((bound) => 1 / Math.sqrt(bound + 1 + 1e-8)),
    1e-12,
  );
});

test("sm3 keeps one slot for each axis, up to four, and one for a scalar", () => {
  const array = (...shape: number[]) => ({
    shape,
    dtype: "float32" as const,
    data: new Float32Array(shape.reduce((a, b) => a * b, 1)),
  });
  const slots = initSlots(scaleBySm3(), { w: array(2, 3, 4, 5, 6), b: array(7), s: array() });
  expect(slots["scaleBySm3/axis3"]!["w"]!.shape).toEqual([1, 1, 1, 5, 6]);
  expect(Object.keys(slots["scaleBySm3/axis1"]!)).toEqual(["w"]);
  expect(slots["scaleBySm3/axis0"]!["s"]!.shape).toEqual([]);
});

test("madgrad without momentum follows its formula", () => {
  const gradients = [2, -1, 0.5];
  const eps = 1e-6;
  let [sum, squares, step] = [0, 0, 0];
  const seen = path(
    madgrad({ learningRate: 0.1, momentum: 0, eps }),
    () => [gradients[step++]!],
    [1],
    3,
  );
  gradients.forEach((g, t) => {
    const lambda = (0.1 + eps) * Math.sqrt(t + 1);
    sum += lambda * g;
    squares += lambda * g * g;
    expect(seen[t]![0]).toBeCloseTo(1 - sum / (Math.cbrt(squares) + eps), 12);
  });
});
