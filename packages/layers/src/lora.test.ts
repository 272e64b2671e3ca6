import { initialize } from "@tenon/tensor";
import { expectClose, layerSuite, refusal } from "@tenon/testkit";
import { expect, test } from "vitest";
import {
  conv2d,
  dense,
  frozen,
  layerFromJSON,
  lora,
  relu,
  sequential,
  weightNorm,
} from "./index.js";
import { gradcheck, startOf, wavy } from "./internal/gradcheck.js";
import { run } from "./internal/testing.js";

layerSuite("lora", lora(dense(3), { rank: 2 }), [4], {
  run,
  fromJSON: layerFromJSON,
  described: "lora",
});
layerSuite("lora of a convolution", lora(conv2d(3, 2), { rank: 2, alpha: 4 }), [3, 3, 2], {
  run,
  fromJSON: layerFromJSON,
  described: "lora",
});

test("its gradients are those of central differences", () => {
  gradcheck(lora(dense(3), { rank: 2 }), [4]);
  gradcheck(lora(conv2d(2, 2), { rank: 3, alpha: 6 }), [3, 3, 2]);
});

test("begins as the layer, under its names, and trains two matrices alone", () => {
  const model = sequential(lora(dense(5), { rank: 2 }), relu(), dense(2));
  const plain = sequential(dense(5), relu(), dense(2));
  const { params } = model.plan([4]);
  expect(Object.keys(params)).toEqual([
    "dense1/kernel",
    "dense1/loraA",
    "dense1/loraB",
    "dense1/bias",
    "dense2/kernel",
    "dense2/bias",
  ]);
  expect(Object.keys(params).filter((path) => params[path]!.trained === false)).toEqual([
    "dense1/kernel",
    "dense1/bias",
  ]);
  const x = wavy([2, 4]);
  const drawn = initialize(model.plan([4]), 1).params;
  expectClose(drawn["dense1/loraB"]!.data, new Array(10).fill(0));
  expect(Math.max(...drawn["dense1/loraA"]!.data.map(Math.abs))).toBeLessThanOrEqual(0.5); // 1 / √4
  expect(run(model, { x, params: drawn }).y).toEqual(run(plain, { x, params: drawn }).y);
});

test("is the layer with the kernel w + (alpha / rank) A B", () => {
  const layer = dense(2, { useBias: false });
  const kernel = { shape: [3, 2], data: [1, 2, 3, 4, 5, 6] };
  const loraA = { shape: [3, 1], data: [1, -1, 2] };
  const loraB = { shape: [1, 2], data: [10, 20] };
  const x = wavy([2, 3]);
  const own = run(lora(layer, { rank: 1, alpha: 0.5 }), { x, params: { kernel, loraA, loraB } });
  const sum = { shape: [3, 2], data: [6, 12, -2, -6, 15, 26] };
  expectClose(own.y.data, run(layer, { x, params: { kernel: sum } }).y.data);
});

test("what cannot be is refused", () => {
  expect(() => lora(dense(2), { rank: 0 })).toThrow(refusal("lora: expected rank"));
  expect(() => lora(dense(2), { alpha: -1 })).toThrow(
    refusal("lora: expected a finite alpha > 0, got -1"),
  );
  expect(() => lora(relu()).plan([2])).toThrow(
    refusal('lora: expected a layer with a parameter "kernel", got relu'),
  );
  expect(() => lora(frozen(dense(2))).plan([2])).toThrow(
    refusal("lora: expected a layer whose kernel is trained, got dense, whose kernel is not"),
  );
  expect(() => weightNorm(frozen(dense(2))).plan([2])).toThrow(refusal("weightNorm: expected"));
  expect(frozen(lora(dense(2))).plan([2]).params["loraA"]!.trained).toBe(false);
  expect(startOf(lora(dense(2), { rank: 1 }), [2]).params).toHaveProperty("loraB");
});
