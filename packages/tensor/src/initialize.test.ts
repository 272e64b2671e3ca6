import type { Init } from "@tenon/contracts";
import { random } from "@tenon/random";
import { expect, test } from "vitest";
import { initialize } from "./initialize.js";
import { sizeOf } from "./shapes.js";

const init: Init = (shape, rng) => Float32Array.from({ length: sizeOf(shape) }, () => rng());
const plan = {
  output: [1],
  params: { "a/w": { shape: [2, 2], init }, "b/w": { shape: [3], init } },
  stats: { "a/mean": { shape: [2], start: 1.5 } },
};

test("draws each parameter from the source of its own path", () => {
  const { params, stats } = initialize(plan, 5);
  expect(params["a/w"]).toEqual({
    shape: [2, 2],
    dtype: "float32",
    data: init([2, 2], random(5).split("a/w")),
  });
  expect(stats["a/mean"]).toEqual({
    shape: [2],
    dtype: "float32",
    data: Float32Array.of(1.5, 1.5),
  });
  expect(initialize({ ...plan, params: { "b/w": plan.params["b/w"] } }, 5).params["b/w"]).toEqual(
    params["b/w"],
  );
  expect(initialize(plan, 6).params["a/w"]).not.toEqual(params["a/w"]);
});

test("an init that gives another number of values is refused", () => {
  expect(() =>
    initialize({ ...plan, params: { w: { shape: [2], init: () => new Float32Array(3) } } }, 1),
  ).toThrow("initialize: expected 2 values for w [2], got 3");
});
