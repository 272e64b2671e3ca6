import type { Layer, Shape } from "@tenon/contracts";
import { expectClose, layerSamples, refusal, wrongOptions } from "@tenon/testkit";
import { ones, pass, sin, tensor, type Tensor } from "@tenon/tensor";
import { describe, expect, test } from "vitest";
import * as layers from "./index.js";
import { run } from "./internal/testing.js";

const {
  layerFromJSON: _json,
  lsuv: _lsuv,
  scaledDotProductAttention: _attention,
  summary: _summary,
  ...makers
} = layers;
/** The arguments of the layers that need others than 2 for each required one. */
const right: Readonly<Record<string, readonly unknown[]>> = {
  activation: ["sine", (x: Tensor) => sin(x)],
  bidirectional: [layers.rnn(2)],
  bounded: [layers.relu(), 0, 1],
  concatenate: [-1],
  conv2d: [3, 2],
  cropping1d: [1],
  cropping2d: [1],
  permute: [[3, 1, 2]],
  alphaDropout: [0.5],
  dropBlock: [0.5, 2],
  dropConnect: [layers.dense(2), 0.5],
  dot: [-1, layers.dense(2), layers.dense(2)],
  dropout: [0.5],
  einsumDense: ["abc,cd->abd", { d: 2 }],
  timeDistributed: [layers.dense(2)],
  gaussianDropout: [0.5],
  spatialDropout: [0.5],
  spectralNorm: [layers.dense(2)],
  stochasticDepth: [0.5],
  weightStandardization: [layers.dense(2)],
  graph: [["x"], ({ x }: { x: layers.GraphValue }) => ({ y: x })],
  frozen: [layers.dense(2)],
  lora: [layers.dense(2)],
  inception: [layers.relu()],
  reshape: [[4]],
  residual: [layers.relu()],
  sequential: [layers.relu()],
  subtract: [layers.relu(), layers.relu()],
  transformerBlock: [4, 2],
  weightNorm: [layers.dense(2)],
};
const all = Object.entries(
  makers as unknown as Readonly<Record<string, (...args: readonly unknown[]) => Layer<Tensor>>>,
);
const wrong: readonly unknown[] = [
  undefined,
  null,
  "2",
  2,
  NaN,
  true,
  {},
  ["1"],
  [-1],
  [0.5],
  () => 1,
  1n,
  Float32Array.of(1),
];

describe.each(all)("%s", (name, make) => {
  const args = right[name] ?? Array<number>(make.length).fill(2);
  const layer = make(...args);
  const { type } = layer;
  test("refuses what is not a tensor, a shape or a pass, by name", () => {
    for (const value of wrong) {
      expect(() => layer.plan(value as never)).toThrow(
        refusal(new RegExp(`^${type}: expected (a shape|sizes)`)),
      );
      if (!Array.isArray(value))
        expect(() => layer.forward(value as never, pass({ params: {} }))).toThrow(
          refusal(new RegExp(`^${type}: expected a batch that is a tensor, got `)),
        );
    }
    expect(() => layer.forward(tensor([[1, 2]]).value() as never, pass({ params: {} }))).toThrow(
      refusal("got float32 [1, 2]; make a tensor of it with tensor(…)"),
    );
    if (Object.keys(layer.plan(layerSamples[name]?.example ?? [2, 2, 2]).params).length > 0)
      expect(() => layer.forward(tensor([[1]]), undefined as never)).toThrow(
        refusal(`${type}: expected a pass, got undefined; make one with pass({ params, stats })`),
      );
  });
  test("says in an error about an option which one", () =>
    wrongOptions(name, (options) => make(...args, options)));
  test("refuses a batch that does not fit, by name", () => {
    // It names the layer, or the one that it was given and is made of, or its part of some path.
    const given = args.flatMap((arg) => (arg as Layer<Tensor> | undefined)?.type ?? []);
    const by = new RegExp(`^(layer "[^"]*": \\w+|${[type, ...given].join("|")}): `);
    const example = layerSamples[name]?.example ?? [2, 2, 2];
    const { params, stats } = layer.plan(example);
    const values = (specs: Readonly<Record<string, { readonly shape: Shape }>>) =>
      Object.fromEntries(Object.entries(specs).map(([key, { shape }]) => [key, ones(shape)]));
    const how = pass({ params: values(params), stats: values(stats) });
    for (const shape of [[1], [1, 5], [2, 7, 5], [1, 3, 7, 5], [1, 2, 3, 4, 5]]) {
      let message = "";
      try {
        layer.forward(ones(shape), how);
      } catch (error) {
        ({ message } = error as Error);
      }
      if (message !== "") expect(message).toMatch(by);
    }
  });
  test("refuses arguments of another type when it is made", () => {
    args.forEach((_, place) => {
      for (const value of [null, "2", NaN, true, {}, 1n, Symbol("x")]) {
        if (name === "activation" && place === 0 && value === "2") continue;
        expect(
          () => make(...args.map((arg, i) => (i === place ? value : arg))),
          `${name}, ${String(value)} as argument ${place + 1}`,
        ).toThrow(refusal(new RegExp(`^${name}: expected .*, got `)));
      }
    });
  });
});

test("strides, windows, padding, dilation, groups and kernel sizes are checked early", () => {
  const { conv2d, maxPool2d, avgPool2d } = layers;
  for (const pair of [[1, 2, 3], [1], [], 0, -1, 1.5, NaN, "2", ["1", "2"], null, {}] as never[]) {
    expect(() => conv2d(3, pair)).toThrow(
      refusal(/^conv2d: expected kernelSize of integers ≥ 1, got /),
    );
    expect(() => conv2d(3, 2, { strides: pair })).toThrow(
      refusal(/^conv2d: expected strides of integers ≥ 1, got /),
    );
    expect(() => conv2d(3, 2, { dilation: pair })).toThrow(
      refusal(/^conv2d: expected dilation of integers ≥ 1, got /),
    );
    expect(() => conv2d(3, 2, { groups: pair })).toThrow(
      refusal(/^conv2d: expected groups as an integer ≥ 1, got /),
    );
    expect(() => maxPool2d(pair)).toThrow(
      refusal(/^maxPool2d: expected a window of integers ≥ 1, got /),
    );
    expect(() => avgPool2d(pair)).toThrow(
      refusal(/^avgPool2d: expected a window of integers ≥ 1, got /),
    );
    expect(() => maxPool2d(2, { strides: pair })).toThrow(
      refusal(/^maxPool2d: expected strides of integers ≥ 1, got /),
    );
  }
  for (const padding of [
    "SAME",
    [1, 2, 3],
    [[1, 1]],
    -1,
    0.5,
    null,
    [
      ["1", 1],
      [1, 1],
    ],
  ] as never[]) {
    expect(() => conv2d(3, 2, { padding })).toThrow(refusal(/^conv2d: expected padding /));
    expect(() => avgPool2d(3, { padding })).toThrow(refusal(/^avgPool2d: expected padding /));
  }
  expect(() => maxPool2d(2, { padding: 2 })).toThrow(
    refusal("maxPool2d: expected less padding than the window 2×2"),
  );
  expect(() => avgPool2d(2, { countPadding: "yes" as never })).toThrow(
    refusal('avgPool2d: expected countPadding as true or false, got "yes"'),
  );
});

test("strings are shown in quotes, flags are true or false, inits functions", () => {
  expect(() => layers.dense("2" as never)).toThrow(
    refusal('dense: expected units as an integer ≥ 1, got "2"'),
  );
  expect(() => layers.dropout("0.5" as never)).toThrow(
    refusal('dropout: expected rate in [0, 1), got "0.5"'),
  );
  expect(() => layers.dense(2, { useBias: "false" as never })).toThrow(
    refusal('dense: expected useBias as true or false, got "false"'),
  );
  expect(() => layers.dense(2, { kernelInit: "zeros" as never })).toThrow(
    refusal('dense: expected kernelInit as an init such as zeros(), got "zeros"'),
  );
  expect(() => layers.batchNorm({ momentum: "0.9" as never })).toThrow(
    refusal('batchNorm: expected momentum in [0, 1), got "0.9"'),
  );
  expect(() => layers.layerNorm({ center: 0 as never })).toThrow(
    refusal("layerNorm: expected center as true or false, got 0"),
  );
  expect(() => layers.layerNorm({ axes: "-1" as never })).toThrow(
    refusal('layerNorm: expected distinct negative axes, counted from the end, got "-1"'),
  );
  expect(() => layers.softmax({ axis: "1" as never })).toThrow(
    refusal('softmax: expected an axis that is an integer, got "1"'),
  );
  expect(() => layers.sequential("dense" as never)).toThrow(
    refusal('sequential: expected a layer at position 1, got "dense"'),
  );
  expect(() => layers.residual(layers.relu as never)).toThrow(
    refusal(
      "residual: expected a layer or a list of layers, got relu, a function; call it: relu()",
    ),
  );
  expect(() => layers.hardTanh({ low: 2, high: 1 })).toThrow(
    refusal("hardTanh: expected low ≤ high, got 2 and 1"),
  );
});

test("an epsilon of 0 is taken, as Keras and PyTorch take it: (x − μ) / σ", () => {
  const x = { shape: [2, 4], data: [1, 2, 4, 9, 5, 3, 8, 6] };
  const scale = { center: false, scale: false, epsilon: 0 };
  const normalized = (rows: readonly (readonly number[])[]): number[][] =>
    rows.map((row) => {
      const mean = row.reduce((a, b) => a + b) / row.length;
      const std = Math.sqrt(row.reduce((a, b) => a + (b - mean) ** 2, 0) / row.length);
      return row.map((v) => (v - mean) / std);
    });
  const rows = [x.data.slice(0, 4), x.data.slice(4)];
  const byRow = normalized(rows).flat();
  expectClose(run(layers.layerNorm(scale), { x }).y.data, byRow);
  expectClose(run(layers.groupNorm(1, scale), { x }).y.data, byRow);
  expectClose(
    run(layers.groupNorm(2, scale), { x }).y.data,
    normalized([
      [1, 2],
      [4, 9],
      [5, 3],
      [8, 6],
    ]).flat(),
  );
  expectClose(
    run(layers.instanceNorm(scale), { x: { shape: [1, 4, 1], data: rows[0]! } }).y.data,
    normalized([rows[0]!]).flat(),
  );
  expectClose(
    run(layers.rmsNorm({ scale: false, epsilon: 0 }), { x }).y.data,
    rows.flatMap((row) => row.map((v) => v / Math.sqrt(row.reduce((a, b) => a + b * b, 0) / 4))),
  );
  const columns = normalized([
    [1, 5],
    [2, 3],
    [4, 8],
    [9, 6],
  ]);
  const stats = {
    mean: { shape: [4], data: [0, 0, 0, 0] },
    variance: { shape: [4], data: [1, 1, 1, 1] },
  };
  expectClose(
    run(layers.batchNorm(scale), { x, stats, training: true }).y.data,
    [0, 1].flatMap((i) => columns.map((column) => column[i]!)),
  );
});

test("options of functions without options, and numbers as options, are refused", () => {
  const more = layers as unknown as Readonly<
    Record<string, (...args: readonly unknown[]) => unknown>
  >;
  expect(() => more["dropout"]!(0.5, { seed: 1 })).toThrow(
    refusal("dropout: expected no options, got { seed: 1 }; leave them out"),
  );
  expect(() => more["leakyRelu"]!(0.1, {})).toThrow(
    refusal("leakyRelu: expected no options, got {}"),
  );
  expect(() => more["reshape"]!([4], {})).toThrow(refusal("reshape: expected no options, got {}"));
  expect([0.1, 0.2].map(layers.leakyRelu)).toHaveLength(2);
  expect(() => more["dense"]!({ units: 2 })).toThrow(
    refusal("dense: expected units as an integer ≥ 1, got { units: 2 }; write dense(2)"),
  );
  expect(() => more["dropout"]!({ rate: 0.5 })).toThrow(
    refusal("dropout: expected rate in [0, 1), got { rate: 0.5 }; write dropout(0.5)"),
  );
  expect(() => more["conv2d"]!({ filters: 4, kernelSize: 3 })).toThrow(
    refusal("got { filters: 4, kernelSize: 3 }; write conv2d(4)"),
  );
});

const weighted = {
  conv1d: layers.conv1d,
  conv1dTranspose: layers.conv1dTranspose,
  conv2d: layers.conv2d,
  conv2dTranspose: layers.conv2dTranspose,
  separableConv1d: layers.separableConv1d,
  separableConv2d: layers.separableConv2d,
  dense: (units: number, _: number, options: object) => layers.dense(units, options),
  depthwiseConv1d: (_: number, size: number, options: object) =>
    layers.depthwiseConv1d(size, options),
  depthwiseConv2d: (_: number, size: number, options: object) =>
    layers.depthwiseConv2d(size, options),
  einsumDense: (_: number, size: number, options: object) =>
    layers.einsumDense("ab,bc->ac", { c: size }, options),
};

test.each(Object.entries(weighted))("%s says where an activation goes", (name, layerOf) => {
  expect(() => layerOf(8, 3, { activation: "relu" } as object)).toThrow(
    refusal(`${name}: expected no activation, got "relu"; add a layer, such as relu()`),
  );
});

test("an activation that was not called is none", () => {
  for (const layer of [layers.rnn, layers.lstm, layers.gru])
    expect(() => layer(8, { activation: layers.tanh as never })).toThrow(
      refusal(/: expected activation as an activation such as tanh\(\), got tanh, a function$/),
    );
});

test("layers are given one by one, and an axis before the branches", () => {
  expect(() => layers.sequential([layers.relu()] as never)).toThrow(
    refusal(/^sequential: expected a layer at position 1, got \[.*\]; leave \[ \] out$/),
  );
  expect(() => layers.concatenate("x" as never)).toThrow(
    refusal('concatenate: expected an axis that is an integer, got "x"; give it first, such as -1'),
  );
});
