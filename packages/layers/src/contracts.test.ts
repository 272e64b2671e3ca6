import type { Layer } from "@tenon/contracts";
import type { Tensor } from "@tenon/tensor";
import { layerSuite } from "@tenon/testkit";
import * as layers from "./index.js";
import { run } from "./internal/testing.js";

const {
  add,
  batchNorm,
  bidirectional,
  conv2d,
  dense,
  dropout,
  flatten,
  globalAvgPool2d,
  gru,
  inception,
  instanceNorm,
  layerFromJSON,
  lstm,
  maxPool2d,
  multiHeadAttention,
  multiply,
  relu,
  residual,
  rnn,
  sequential,
  sigmoid,
  weightNorm,
} = layers;

// Other arguments than those of the samples in everyLayer.test.ts, and layers in layers.
const variants: readonly (readonly [string, Layer<Tensor>, readonly number[]])[] = [
  ["conv2d", conv2d(4, 3, { groups: 2, strides: 2, padding: "same" }), [5, 6, 2]],
  ["batchNorm", batchNorm(), [2, 3, 4]],
  ["instanceNorm", instanceNorm(), [3, 3, 2]],
  ["weightNorm", weightNorm(dense(3)), [4]],
  [
    "inception",
    inception(conv2d(2, 1), [conv2d(2, 3, { padding: "same" }), batchNorm(), relu()]),
    [4, 4, 2],
  ],
  ["add", add(dense(2), [dense(3), relu(), dense(2)]), [4]],
  ["multiply", multiply(sequential(), [globalAvgPool2d({ keepDims: true }), sigmoid()]), [3, 3, 2]],
  ["multiHeadAttention", multiHeadAttention(2, { dropout: 0.3, causal: true }), [3, 4]],
  ["rnn", rnn(3, { activation: relu(), dropout: 0.3, recurrentDropout: 0.3 }), [4, 2]],
  ["lstm", lstm(3, { returnSequences: true, maskValue: 0 }), [4, 2]],
  ["gru", gru(3, { goBackwards: true, gates: "rzn" }), [4, 2]],
  ["bidirectional", bidirectional(gru(2, { resetAfter: false }), { merge: "ave" }), [4, 2]],
  ["residual", residual([dense(3), dropout(0.3), relu()], { shortcut: dense(3) }), [4]],
  [
    "sequential",
    sequential(
      conv2d(4, 3),
      batchNorm(),
      relu(),
      maxPool2d(2),
      flatten(),
      dropout(0.5),
      dense(3),
      dense(2),
    ),
    [6, 6, 1],
  ],
];

for (const [title, layer, example] of variants)
  layerSuite(title, layer, example, { run, fromJSON: layerFromJSON });
