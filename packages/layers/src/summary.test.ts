import { expect, test } from "vitest";
import {
  batchNorm,
  conv2d,
  dense,
  dropout,
  flatten,
  maxPool2d,
  relu,
  residual,
  sequential,
  summary,
} from "./index.js";

test("prints the table of layers, shapes and parameter counts", () => {
  const model = sequential(
    conv2d(32, 3),
    relu(),
    maxPool2d(2),
    conv2d(64, 3),
    relu(),
    maxPool2d(2),
    flatten(),
    dropout(0.5),
    dense(10),
  );
  expect(summary(model, [28, 28, 1])).toBe(
    `
layer       type       output        parameters
───────────────────────────────────────────────
conv2d1     conv2d     [26, 26, 32]         320
relu1       relu       [26, 26, 32]           0
maxPool2d1  maxPool2d  [13, 13, 32]           0
conv2d2     conv2d     [11, 11, 64]      18,496
relu2       relu       [11, 11, 64]           0
maxPool2d2  maxPool2d  [5, 5, 64]             0
flatten1    flatten    [1600]                 0
dropout1    dropout    [1600]                 0
dense1      dense      [10]              16,010
───────────────────────────────────────────────
input [28, 28, 1], output [10]
trained parameters: 34,826, running statistics: 0`.trimStart(),
  );
});

test("shows layers inside layers by their path, each count once", () => {
  expect(summary(sequential(dense(4), residual([batchNorm(), dense(4)])), [3])).toBe(
    `
layer                      type        output  parameters
─────────────────────────────────────────────────────────
dense1                     dense       [4]             16
residual1                  residual    [4]               
residual1/body             sequential  [4]               
residual1/body/batchNorm1  batchNorm   [4]              8
residual1/body/dense1      dense       [4]             20
─────────────────────────────────────────────────────────
input [3], output [4]
trained parameters: 44, running statistics: 8`.trimStart(),
  );
});

test("a single layer is a table of one line", () => {
  expect(summary(dense(1000), [1000]).split("\n")[2]).toBe("dense  dense  [1000]   1,001,000");
});

test("throws as the plan does", () => {
  expect(() => summary(sequential(conv2d(1, 3)), [4])).toThrow(
    'layer "conv2d1": conv2d: expected an image',
  );
});
