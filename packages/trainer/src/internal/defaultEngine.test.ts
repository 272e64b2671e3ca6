import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { NDArray } from "@tenon/contracts";
import { dense } from "@tenon/layers";
import { mse } from "@tenon/losses";
import { initialize, reference } from "@tenon/tensor";
import { dataset } from "@tenon/data";
import { evaluate, fit, predictor } from "../index.js";
import { descent } from "./testing.js";

let warnings: string[] = [];
beforeEach(() => {
  warnings = [];
  vi.spyOn(console, "warn").mockImplementation((text: string) => void warnings.push(text));
});
afterEach(() => vi.restoreAllMocks());

/** Mocks a clock that advances by some milliseconds each time it is read. */
function eachReadTakes(milliseconds: number): void {
  let now = 0;
  vi.spyOn(performance, "now").mockImplementation(() => (now += milliseconds));
}

const model = dense(1);
const weights = initialize(model.plan([2]), 1);
const array = (shape: readonly number[]): NDArray => {
  const size = shape.reduce((a, b) => a * b, 1);
  return { shape, dtype: "float32", data: new Float32Array(size).fill(0.5) };
};
const data = dataset({ x: array([4, 2]), y: array([4, 1]) });

test("a predictor without an engine warns once that it is slow", () => {
  eachReadTakes(400);
  const { predict } = predictor(model, weights);
  for (let i = 0; i < 10; i++) predict(array([1, 2]));
  expect(warnings).toEqual([
    "predictor: no engine was given, so the slow reference engine computes; its steps have taken " +
      "1.2 s. Give engine: await wasm(), of @tenon/wasm, which is fast, or engine: " +
      "reference() to silence this warning",
  ]);
});

test("evaluate and fit warn, too", async () => {
  eachReadTakes(400);
  await evaluate(model, { ...weights, data, loss: mse, batchSize: 1 });
  const options = { train: data, loss: mse, optimizer: descent(0.1), batchSize: 1 };
  for await (const event of fit(model, options)) void event;
  expect(warnings.map((text) => text.split(":")[0])).toEqual(["evaluate", "fit"]);
});

test("there is no warning while it is fast, nor where it was chosen", () => {
  const fast = predictor(model, weights);
  for (let i = 0; i < 10; i++) fast.predict(array([1, 2]));
  eachReadTakes(400);
  const chosen = predictor(model, { ...weights, engine: reference() });
  for (let i = 0; i < 10; i++) chosen.predict(array([1, 2]));
  expect(warnings).toEqual([]);
});
