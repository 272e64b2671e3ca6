import type { Layer } from "@tenon/contracts";
import type { Tensor } from "@tenon/tensor";
import { layerSuite } from "@tenon/testkit";
import * as layers from "./index.js";
import { run } from "./internal/testing.js";

const {
  avgPool2d,
  batchNorm,
  conv2d,
  dense,
  dropout,
  embedding,
  flatten,
  globalAvgPool2d,
  globalMaxPool2d,
  glu,
  groupNorm,
  inception,
  instanceNorm,
  layerFromJSON,
  layerNorm,
  maxPool2d,
  prelu,
  relu,
  reshape,
  residual,
  rmsNorm,
  sequential,
  softmax,
  weightNorm,
} = layers;

const every: readonly (readonly [string, Layer<Tensor>, readonly number[], boolean?])[] = [
  ["dense", dense(3), [4]],
  ["conv2d", conv2d(4, 3, { groups: 2, strides: 2, padding: "same" }), [5, 6, 2]],
  ["maxPool2d", maxPool2d(2), [5, 4, 3]],
  ["avgPool2d", avgPool2d(3, { strides: 2, padding: "same" }), [5, 4, 3]],
  ["globalAvgPool2d", globalAvgPool2d(), [3, 4, 2]],
  ["globalMaxPool2d", globalMaxPool2d(), [3, 4, 2]],
  ["flatten", flatten(), [2, 3, 2]],
  ["reshape", reshape([3, -1]), [2, 6]],
  ["embedding", embedding(3, 2), [4], true],
  ["dropout", dropout(0.5), [20]],
  ["batchNorm", batchNorm(), [2, 3, 4]],
  ["layerNorm", layerNorm(), [3, 4]],
  ["groupNorm", groupNorm(2), [3, 4]],
  ["instanceNorm", instanceNorm(), [3, 3, 2]],
  ["rmsNorm", rmsNorm(), [4]],
  ["weightNorm", weightNorm(dense(3)), [4]],
  ["prelu", prelu(), [3]],
  ["softmax", softmax(), [5]],
  ["glu", glu(), [6]],
  [
    "inception",
    inception(conv2d(2, 1), [conv2d(2, 3, { padding: "same" }), batchNorm(), relu()]),
    [4, 4, 2],
  ],
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

for (const [title, layer, example, integers = false] of every)
  layerSuite(title, layer, example, { run, fromJSON: layerFromJSON, integers });
