/// <reference types="node" />
import { readFileSync } from "node:fs";
import type { Description, Init, Layer } from "@tenon/contracts";
import { constant, heNormal, zeros } from "@tenon/init";
import { initialize, type Tensor } from "@tenon/tensor";
import { expect, test } from "vitest";
import * as layers from "./index.js";
import { startOf, wavy } from "./internal/gradcheck.js";
import { run } from "./internal/testing.js";

const { conv2d, dense, inception, layerFromJSON, relu, residual, sequential, weightNorm } = layers;
const again = (layer: Layer<Tensor>): Layer<Tensor> =>
  layerFromJSON(JSON.parse(JSON.stringify(layer)) as Description);

/**
 * Layers of the package, with options where they have some, and the shape of an example (of
 * integers where `integers` is true). A layer with a test of its own need not be here.
 */
const samples: Readonly<
  Record<string, readonly [layer: Layer<Tensor>, example: readonly number[], integers?: boolean]>
> = {
  avgPool2d: [layers.avgPool2d(3, { strides: 2, padding: "same", countPadding: true }), [5, 5, 2]],
  batchNorm: [layers.batchNorm({ momentum: "cumulative", unbiased: true, scale: false }), [3]],
  celu: [layers.celu({ alpha: 2 }), [3]],
  conv2d: [
    conv2d(4, [3, 2], {
      padding: [
        [1, 0],
        [2, 1],
      ],
      dilation: 2,
      groups: 2,
      biasInit: constant({ value: 0.5 }),
      kernelInit: heNormal(),
    }),
    [6, 6, 2],
  ],
  dense: [dense(3, { useBias: false, kernelInit: heNormal({ truncated: false }) }), [4]],
  dropout: [layers.dropout(0.25), [3]],
  elu: [layers.elu({ alpha: 0.5 }), [3]],
  embedding: [layers.embedding(3, 2, { tableInit: heNormal() }), [4], true],
  exponential: [layers.exponential(), [3]],
  flatten: [layers.flatten(), [2, 3]],
  gelu: [layers.gelu({ approximate: true }), [3]],
  globalAvgPool2d: [layers.globalAvgPool2d({ keepDims: true }), [2, 3, 4]],
  globalMaxPool2d: [layers.globalMaxPool2d(), [2, 3, 4]],
  glu: [layers.glu(), [4]],
  groupNorm: [layers.groupNorm(2, { epsilon: 0.1 }), [3, 4]],
  hardShrink: [layers.hardShrink({ lambda: 0.2 }), [3]],
  hardSigmoid: [layers.hardSigmoid(), [3]],
  hardSwish: [layers.hardSwish(), [3]],
  hardTanh: [layers.hardTanh({ low: -2 }), [3]],
  inception: [inception(dense(2), [dense(3), relu()]), [4]],
  instanceNorm: [layers.instanceNorm({ center: false }), [3, 2]],
  layerNorm: [layers.layerNorm({ axes: [-1, -2], epsilon: 0.1 }), [3, 2]],
  leakyRelu: [layers.leakyRelu(0.2), [3]],
  logSigmoid: [layers.logSigmoid(), [3]],
  logSoftmax: [layers.logSoftmax({ axis: -2 }), [3, 2]],
  maxPool2d: [layers.maxPool2d([2, 1], { padding: "same" }), [5, 5, 2]],
  mish: [layers.mish(), [3]],
  prelu: [layers.prelu({ per: "entry", alphaInit: constant({ value: 0.1 }) }), [3, 2]],
  relu: [relu(), [3]],
  relu6: [layers.relu6(), [3]],
  reshape: [layers.reshape([-1, 2]), [4]],
  residual: [residual([dense(3), relu()], { shortcut: [dense(3, { useBias: false })] }), [4]],
  rmsNorm: [layers.rmsNorm({ axes: -2 }), [3, 2]],
  selu: [layers.selu(), [3]],
  sequential: [sequential(conv2d(2, 1), layers.flatten(), dense(2)), [2, 2, 1]],
  sigmoid: [layers.sigmoid(), [3]],
  silu: [layers.silu(), [3]],
  softShrink: [layers.softShrink({ lambda: 0.1 }), [3]],
  softmax: [layers.softmax(), [3]],
  softmin: [layers.softmin(), [3]],
  softplus: [layers.softplus({ beta: 2, threshold: 20 }), [3]],
  softsign: [layers.softsign(), [3]],
  sparsePlus: [layers.sparsePlus(), [3]],
  sparseSigmoid: [layers.sparseSigmoid(), [3]],
  squareplus: [layers.squareplus({ b: 1 }), [3]],
  tanh: [layers.tanh(), [3]],
  tanhShrink: [layers.tanhShrink(), [3]],
  threshold: [layers.threshold({ threshold: 0.1, value: 2 }), [3]],
  weightNorm: [weightNorm(dense(3), { per: "kernel" }), [4]],
};

test("every layer of the package is made again from JSON, here or in its own layerSuite", () => {
  const {
    activation: _activation,
    bounded: _bounded,
    layerFromJSON: _this,
    summary: _summary,
    ...all
  } = layers;
  for (const name of Object.keys(all).filter((name) => !Object.hasOwn(samples, name)))
    expect(readFileSync(new URL(`${name}.test.ts`, import.meta.url), "utf8")).toMatch(
      new RegExp(`layerSuite\\(\\s*"${name}", [^]*?fromJSON: layerFromJSON`),
    );
});

for (const [type, [layer, example, integers = false]] of Object.entries(samples))
  test(`${type} from JSON has the same description, plan, initial values and outputs`, () => {
    const copy = again(layer);
    expect(layer.type).toBe(type);
    expect(copy.toJSON()).toEqual(layer.toJSON());
    expect(JSON.stringify(copy.plan(example))).toBe(JSON.stringify(layer.plan(example)));
    expect(initialize(copy.plan(example), 7)).toEqual(initialize(layer.plan(example), 7));
    const { shape, data } = wavy([2, ...example]);
    const options = {
      x: { shape, data: integers ? Array.from(data, (v) => Math.abs(Math.trunc(v))) : data },
      integers,
      ...startOf(layer, example),
      training: true,
      seed: 3,
    };
    expect(run(copy, options)).toEqual(run(layer, options));
  });

test("a description is the call that makes the layer, without what was left at its default", () => {
  expect(
    JSON.parse(
      JSON.stringify(
        sequential(conv2d(32, 3, { padding: "same" }), relu(), dense(10, { kernelInit: zeros() })),
      ),
    ),
  ).toEqual({
    type: "sequential",
    args: [
      { type: "conv2d", args: [32, 3, { padding: "same" }] },
      { type: "relu" },
      { type: "dense", args: [10, { kernelInit: { type: "zeros" } }] },
    ],
  });
});

test("layers of one's own come back through the second argument", () => {
  const sine = (frequency: number): layers.Activation =>
    layers.activation("sine", (x) => x.mul(frequency).sin(), frequency);
  const model = sequential(dense(2), sine(3));
  const description = JSON.parse(JSON.stringify(model)) as Description;
  expect(layerFromJSON(description, { sine }).toJSON()).toEqual(model.toJSON());
  expect(() => layerFromJSON(description)).toThrow(
    /^layerFromJSON: expected a type of avgPool2d, .*, got "sine"; pass your own layers by type as the second argument$/,
  );
});

test("names what it expected", () => {
  for (const type of ["summary", "layerFromJSON", "activation", "bounded", "toString", "__proto__"])
    expect(() => layerFromJSON({ type })).toThrow(`got ${JSON.stringify(type)}`);
  expect(() => layerFromJSON({ type: "dense", units: 3 })).toThrow(
    'layerFromJSON: expected { type, args }, args being an array, got { type: "dense", args: [], units: 3 }',
  );
  expect(() => layerFromJSON([] as never)).toThrow(
    "layerFromJSON: expected { type, args }, got []",
  );
  expect(() => layerFromJSON({ type: "dense", args: [0] })).toThrow(
    "dense: expected units as an integer ≥ 1, got 0",
  );
  const unspoken: Init = (shape) => new Float32Array(shape.reduce((n, m) => n * m, 1));
  expect(() => dense(3, { kernelInit: unspoken }).toJSON()).toThrow(
    "dense: expected kernelInit to have toJSON, so that it can be written down, got a plain " +
      "function",
  );
});
