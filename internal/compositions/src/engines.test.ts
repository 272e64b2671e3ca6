import { expect, test } from "vitest";
import type { Layer, Loss, NDArray } from "@tenon/contracts";
import * as layers from "@tenon/layers";
import * as losses from "@tenon/losses";
import { sgd } from "@tenon/optimizers";
import { leaves, oneHot, reference, sizeOf, type Tensor } from "@tenon/tensor";
import { startOf, trainingStep } from "@tenon/trainer";
import { wasm } from "@tenon/wasm";

const {
  avgPool2d,
  batchNorm,
  bidirectional,
  conv2d,
  dense,
  dropout,
  flatten,
  gelu,
  globalAvgPool2d,
  globalMaxPool2d,
  glu,
  groupNorm,
  gru,
  inception,
  instanceNorm,
  layerNorm,
  lstm,
  maxPool2d,
  relu,
  residual,
  rmsNorm,
  rnn,
  sequential,
  weightNorm,
} = layers;

const image = [6, 6, 4];
const models: readonly (readonly [string, Layer<Tensor>, readonly number[]])[] = [
  [
    "the tutorial's network",
    sequential(conv2d(8, 3), relu(), maxPool2d(2), flatten(), dropout(0.5), dense(10)),
    [12, 12, 1],
  ],
  [
    "batch norm",
    sequential(conv2d(8, 3, { useBias: false }), batchNorm(), relu(), globalAvgPool2d(), dense(10)),
    image,
  ],
  [
    "residual blocks",
    sequential(
      conv2d(4, 3, { padding: "same" }),
      residual(
        [
          conv2d(8, 3, { padding: "same", strides: 2 }),
          batchNorm({ unbiased: true, momentum: 0.9 }),
          relu(),
        ],
        { shortcut: conv2d(8, 1, { strides: 2 }) },
      ),
      flatten(),
      dense(10),
    ),
    image,
  ],
  [
    "inception blocks",
    sequential(
      inception(
        conv2d(2, 1),
        [conv2d(2, 1), conv2d(3, 3, { padding: "same" })],
        [maxPool2d(3, { strides: 1, padding: "same" }), conv2d(2, 1)],
      ),
      flatten(),
      dense(10),
    ),
    image,
  ],
  [
    "layer and weight norm",
    sequential(flatten(), layerNorm(), weightNorm(dense(16)), gelu(), rmsNorm(), dense(10)),
    image,
  ],
  [
    "group and instance norm",
    sequential(groupNorm(2), instanceNorm(), avgPool2d(2), flatten(), dense(10)),
    image,
  ],
  [
    "grouped, dilated, strided",
    sequential(conv2d(8, 3, { groups: 2, dilation: 2 }), globalMaxPool2d(), dense(10)),
    image,
  ],
  ["gated", sequential(dense(20), glu()), [5]],
  [
    "recurrent layers from both ends, and layers on what they make",
    sequential(
      bidirectional(lstm(4, { returnSequences: true, maskValue: 0, dropout: 0.2 })),
      gru(5, { returnSequences: true, recurrentDropout: 0.2 }),
      layerNorm(),
      rnn(6, { goBackwards: true }),
      dense(10),
    ),
    [6, 3],
  ],
  ...(
    [
      "celu",
      "elu",
      "exponential",
      "gelu",
      "hardShrink",
      "hardSigmoid",
      "hardSwish",
      "hardTanh",
      "leakyRelu",
      "logSigmoid",
      "logSoftmax",
      "mish",
      "relu6",
      "selu",
      "sigmoid",
      "silu",
      "softShrink",
      "softmax",
      "softmin",
      "softplus",
      "softsign",
      "sparsePlus",
      "sparseSigmoid",
      "squareplus",
      "tanh",
      "tanhShrink",
    ] as const
  ).map((name) => [name, sequential(dense(10), layers[name]()), [5]] as const),
];
const functions: Readonly<Record<string, Loss<Tensor>>> = {
  "cross entropy with everything": (p, t) =>
    losses.crossEntropy(p, t, {
      labelSmoothing: 0.1,
      ignoreIndex: 3,
      classWeights: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10],
    }),
  // One example: its targets are 1, 3 and 9, and the blank.
  ctc: (p, t) => losses.ctc(p.reshape([1, 4, 10]), t.reshape([1, 4])),
  ...Object.fromEntries(
    (
      [
        "binaryCrossEntropy",
        "mse",
        "mae",
        "huber",
        "smoothL1",
        "logCosh",
        "hinge",
        "softMargin",
        "klDivergence",
        "poisson",
      ] as const
    ).map((name) => [name, ((p, t) => losses[name](p, oneHot(t, 10))) as Loss<Tensor>]),
  ),
};

const n = 4;

/** Three steps of training on both engines: the losses and all that they leave behind agree. */
async function agree(
  model: Layer<Tensor>,
  input: readonly number[],
  loss: Loss<Tensor>,
): Promise<void> {
  const optimizer = sgd({ learningRate: 0.01 });
  const scalar = { shape: [], dtype: "int32" } as const;
  const start = startOf(model, input, optimizer, 3);
  const inputs = {
    x: { shape: [n, ...input] },
    y: { shape: [n], dtype: "int32" },
    seed: scalar,
    step: scalar,
  } as const;
  const [theirs, ours] = [reference(), await wasm()].map((engine) =>
    engine.compile(trainingStep(model, { loss, optimizer }), start, inputs),
  );
  for (let step = 0; step < 3; step++) {
    const feed = {
      x: Float32Array.from({ length: n * sizeOf(input) }, (_, i) => Math.sin(i * 1.3 + step)),
      y: [1, 3, 9, 0],
      seed: 5,
      step,
    };
    const [a, b] = [theirs!.step(feed).loss.data[0]!, ours!.step(feed).loss.data[0]!];
    expect(
      Math.abs(a - b) / Math.max(1, Math.abs(a)),
      `loss of step ${step}: ${a}, ${b}`,
    ).toBeLessThan(1e-5);
  }
  const mine = new Map(leaves<NDArray>(ours!.state()));
  for (const [path, { data }] of leaves<NDArray>(theirs!.state()))
    data.forEach((x, i) =>
      expect(Math.abs(mine.get(path)!.data[i]! - x) / Math.max(1, Math.abs(x)), path).toBeLessThan(
        1e-5,
      ),
    );
}

test.each(models)("the engines agree on %s", (_, model, input) =>
  agree(model, input, losses.crossEntropy),
);
test.each(Object.entries(functions))("the engines agree on %s", (_, loss) =>
  agree(sequential(dense(10)), [5], loss),
);
