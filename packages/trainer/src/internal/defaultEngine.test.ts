import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { NDArray } from "@tenon/contracts";
import { dense } from "@tenon/layers";
import { mse } from "@tenon/losses";
import { initialize, reference } from "@tenon/tensor";
import { dataset } from "@tenon/data";
import { evaluate, fit, predictor } from "../index.js";
import { descent } from "./testing.js";

let said: string[] = [];
beforeEach(() => {
  said = [];
  vi.spyOn(console, "warn").mockImplementation((text: string) => void said.push(text));
});
afterEach(() => vi.restoreAllMocks());

/** A clock on which every look takes so many milliseconds. */
function eachLookTakes(milliseconds: number): void {
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

test("a predictor without an engine says once that it is slow, when it is", () => {
  eachLookTakes(400);
  const { predict } = predictor(model, weights);
  for (let i = 0; i < 10; i++) predict(array([1, 2]));
  expect(said).toEqual([
    "predictor: no engine was given, so the slow reference engine computes; its steps have taken " +
      "1.2 s. Give engine: await wasm(), of @tenon/wasm, which is made for speed, or engine: " +
      "reference() to hear no more of it",
  ]);
});

test("so do evaluate and fit", async () => {
  eachLookTakes(400);
  await evaluate(model, { ...weights, data, loss: mse, batchSize: 1 });
  const options = { train: data, loss: mse, optimizer: descent(0.1), batchSize: 1 };
  for await (const event of fit(model, options)) void event;
  expect(said.map((text) => text.split(":")[0])).toEqual(["evaluate", "fit"]);
});

test("where it is fast nobody is told, nor who chose it", () => {
  const quick = predictor(model, weights);
  for (let i = 0; i < 10; i++) quick.predict(array([1, 2]));
  eachLookTakes(400);
  const chosen = predictor(model, { ...weights, engine: reference() });
  for (let i = 0; i < 10; i++) chosen.predict(array([1, 2]));
  expect(said).toEqual([]);
});
