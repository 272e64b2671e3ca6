import type { ParamSpec } from "@tenon/contracts";
import { golden, type GoldenRow } from "@tenon/golden";
import { zeros } from "@tenon/init";
import { goldenSuite } from "@tenon/testkit";
import { expect } from "vitest";
import * as layers from "./index.js";

interface Row extends GoldenRow {
  readonly parameter: string;
  readonly initializer: string;
}

/** The parameters of a layer with Keras' defaults, by Keras' names. */
const specs: Readonly<Record<string, () => Readonly<Record<string, ParamSpec>>>> = {
  Dense: () => layers.dense(3).plan([2]).params,
  Conv2D: () => layers.conv2d(3, 3).plan([5, 5, 2]).params,
  DepthwiseConv2D: () => layers.depthwiseConv2d(3).plan([5, 5, 2]).params,
  Embedding: () => layers.embedding(3, 2).plan([4]).params,
  BatchNormalization: () => layers.batchNorm().plan([4]).params,
  // Ours start with PyTorch's slope, and take Keras' as an option.
  PReLU: () => layers.prelu({ alphaInit: zeros() }).plan([4]).params,
  LSTM: () => {
    const { recurrentKernel, ...rest } = layers.lstm(3).plan([4, 2]).params;
    return { ...rest, recurrent_kernel: recurrentKernel! };
  },
};
/** Our init for Keras' name, where it is not that with a small first letter. */
const inits: Readonly<Record<string, object>> = {
  RandomUniform: { type: "uniform", low: -0.05, high: 0.05 },
};

const rows = golden<Row>("init").filter((row) => "initializer" in row);
goldenSuite(
  "initial values of layers",
  rows,
  Object.fromEntries(
    Object.entries(specs).map(([name, params]) => [
      `keras/keras.layers.${name}`,
      ({ parameter, initializer }: Row) => {
        const given = params()[parameter]!.init.toJSON!();
        const type = initializer[0]!.toLowerCase() + initializer.slice(1);
        expect(given).toMatchObject(inits[initializer] ?? { type });
      },
    ]),
  ),
);
