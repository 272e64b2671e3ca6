import type { Layer } from "@tenon/contracts";
import type { Tensor } from "@tenon/tensor";
import { expect, test } from "vitest";
import * as layers from "./index.js";
import { run } from "./internal/testing.js";

const { bounded, dense, residual, sequential } = layers;

test.each<[string, Layer<Tensor>, number, number]>([
  ["tanh", layers.tanh(), -1, 1],
  ["sigmoid", layers.sigmoid(), 0, 1],
  ["softsign", layers.softsign(), -1, 1],
  ["hardTanh", layers.hardTanh({ low: -2, high: 3 }), -2, 3],
  ["hardSigmoid", layers.hardSigmoid(), 0, 1],
  ["sparseSigmoid", layers.sparseSigmoid(), 0, 1],
  ["softmax", layers.softmax(), 0, 1],
  ["softmin", layers.softmin(), 0, 1],
])("the plan of %s has its range, which large inputs reach", (_, layer, low, high) => {
  expect(layer.plan([2]).range).toEqual([low, high]);
  const { y } = run(layer, { x: { shape: [2, 2], data: [-1e9, 1e9, 1e9, -1e9] } });
  expect(Math.min(...y.data)).toBeCloseTo(low, 6);
  expect(Math.max(...y.data)).toBeCloseTo(high, 6);
});

test("relu6 is saturated at 6 only; layers without bounds have no range", () => {
  expect(layers.relu6().plan([2]).range).toEqual([-Infinity, 6]);
  for (const layer of [layers.relu(), layers.gelu(), dense(3), sequential(layers.tanh())])
    expect(layer.plan([2]).range).toBeUndefined();
});

test("a layer's own range is in the plans of its parts, and not in its JSON", () => {
  const cubic = bounded(
    layers.activation("cubic", (x) => x.clamp(-1, 1).pow(3)),
    -1,
    1,
  );
  expect(cubic.toJSON()).toEqual({ type: "cubic" });
  const parts = residual([dense(2), cubic]).plan([2]).parts![0]!.plan.parts!;
  expect(parts.map(({ path, plan }) => [path, plan.range])).toEqual([
    ["dense1", undefined],
    ["cubic1", [-1, 1]],
  ]);
});

test("names what it expected", () => {
  const message = "bounded: expected bounds low < high, of which one may be infinite, got";
  expect(() => bounded(layers.relu(), 1, 1)).toThrow(`${message} 1 and 1`);
  expect(() => bounded(layers.relu(), -Infinity, Infinity)).toThrow(`${message} -Infinity and`);
});
