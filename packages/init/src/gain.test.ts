import { normal, random } from "@tenon/random";
import { expect, test } from "vitest";
import { gain } from "./index.js";

test("gain: the table", () => {
  expect(
    ["linear", "conv", "sigmoid", "tanh", "relu", "selu"].map((name) => gain(name as "linear")),
  ).toEqual([1, 1, 1, 5 / 3, Math.sqrt(2), 0.75]);
  expect(gain("leakyRelu")).toBe(Math.sqrt(2 / 1.0001));
  expect(gain("leakyRelu", 0)).toBe(gain("relu"));
  expect(gain("leakyRelu", 1)).toBe(1);
});

test("gain: with it, the mean square after a leaky ReLU is that before the layer", () => {
  const source = random(1);
  const slope = 0.3;
  const factor = gain("leakyRelu", slope);
  let square = 0;
  for (let i = 0; i < 100_000; i++) {
    const x = factor * normal(source);
    square += (x > 0 ? x : slope * x) ** 2 / 100_000;
  }
  expect(Math.abs(square - 1)).toBeLessThan(0.03); // 5 standard errors
});

test("gain refuses unknown activations", () => {
  expect(() => gain("gelu" as "relu")).toThrow(
    'gain: expected an activation of linear, conv, sigmoid, tanh, relu, selu, leakyRelu, got "gelu"',
  );
  expect(() => gain("toString" as "relu")).toThrow("gain: expected an activation");
  expect(() => gain("leakyRelu", NaN)).toThrow("gain: expected a finite slope, got NaN");
});
