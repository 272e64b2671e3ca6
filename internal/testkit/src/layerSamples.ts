import type { Json, Shape } from "@tenon/contracts";

/** A call that makes a layer, as its JSON has it, and an example that it takes. */
export interface LayerSample {
  /** The arguments; layers and inits among them are descriptions. */
  readonly args?: readonly Json[];
  readonly example: Shape;
  /** Whether the example is of integers, from 0 to 2. */
  readonly integers?: boolean;
}

/**
 * One of each layer of the package layers, with options where it has some. Tests over all layers
 * make them from these descriptions; the package's own test says which one is missing.
 */
export const layerSamples: Readonly<Record<string, LayerSample>> = {
  adaptiveAvgPool1d: { args: [3], example: [5, 2] },
  adaptiveAvgPool2d: { args: [[2, 3]], example: [3, 4, 2] },
  adaptiveMaxPool1d: { args: [3], example: [5, 2] },
  adaptiveMaxPool2d: { args: [2], example: [3, 4, 2] },
  add: {
    args: [[{ type: "dense", args: [3] }, { type: "relu" }], { type: "dense", args: [3] }],
    example: [4],
  },
  alphaDropout: { args: [0.25], example: [4] },
  average: { args: [{ type: "dense", args: [3] }, { type: "sequential" }], example: [3] },
  avgPool1d: { args: [3, { strides: 2, padding: [1, 0], ceilMode: true }], example: [6, 2] },
  avgPool2d: { args: [3, { strides: 2, padding: "same", countPadding: true }], example: [5, 5, 2] },
  batchNorm: { args: [{ momentum: "cumulative", unbiased: true, scale: false }], example: [2, 3] },
  bidirectional: { args: [{ type: "rnn", args: [2] }, { merge: "sum" }], example: [3, 2] },
  bilinear: { args: [3], example: [2, 4] },
  celu: { args: [{ alpha: 2 }], example: [3] },
  channelShuffle: { args: [2], example: [2, 6] },
  concatenate: { args: [-2, { type: "sequential" }, { type: "relu" }], example: [3, 2] },
  conv1d: {
    args: [4, 3, { padding: "causal", dilation: 2, groups: 2, paddingMode: "replicate" }],
    example: [6, 2],
  },
  conv1dTranspose: { args: [2, 3, { strides: 2, padding: 1, outputPadding: 1 }], example: [3, 2] },
  conv2d: {
    args: [
      4,
      [3, 2],
      {
        padding: [
          [1, 0],
          [2, 1],
        ],
        dilation: 2,
        groups: 2,
        biasInit: { type: "constant", value: 0.5 },
        kernelInit: { type: "heNormal", gain: 1.4142135623730951, mode: "fanIn", truncated: true },
      },
    ],
    example: [6, 6, 2],
  },
  conv2dTranspose: {
    args: [
      4,
      [3, 2],
      {
        strides: 2,
        padding: "same",
        groups: 2,
        kernelInit: { type: "heNormal", gain: 1.4142135623730951, mode: "fanIn", truncated: true },
      },
    ],
    example: [3, 2, 4],
  },
  cropping1d: { args: [[1, 0]], example: [4, 2] },
  cropping2d: {
    args: [
      [
        [1, 0],
        [0, 2],
      ],
    ],
    example: [3, 4, 2],
  },
  dense: {
    args: [
      3,
      {
        useBias: false,
        kernelInit: { type: "heNormal", gain: 1.4142135623730951, mode: "fanIn", truncated: false },
      },
    ],
    example: [4],
  },
  depthwiseConv1d: {
    args: [3, { depthMultiplier: 2, padding: "same", strides: 2 }],
    example: [5, 2],
  },
  depthwiseConv2d: {
    args: [3, { depthMultiplier: 2, padding: 1, strides: [1, 2] }],
    example: [4, 5, 2],
  },
  dilation2d: {
    args: [2, { padding: "same", kernelInit: { type: "normal", mean: 0, std: 1 } }],
    example: [3, 4, 2],
  },
  dot: { args: [-1, { type: "dense", args: [3] }, { type: "dense", args: [3] }], example: [2, 4] },
  dropBlock: { args: [0.3, 2], example: [4, 5, 2] },
  dropConnect: { args: [{ type: "dense", args: [3] }, 0.4], example: [4] },
  dropout: { args: [0.25], example: [3] },
  einsumDense: { args: ["abc,chd->abhd", { h: 2, d: 3 }, { biasAxes: "hd" }], example: [2, 4] },
  elu: { args: [{ alpha: 0.5 }], example: [3] },
  embedding: {
    args: [
      3,
      2,
      {
        paddingIndex: 1,
        tableInit: { type: "heNormal", gain: 1.4142135623730951, mode: "fanIn", truncated: true },
      },
    ],
    example: [4],
    integers: true,
  },
  exponential: { example: [3] },
  filterResponseNorm: { args: [{ epsilon: 0.1 }], example: [2, 3, 4] },
  flatten: { example: [2, 3] },
  gaussianDropout: { args: [0.25], example: [4] },
  gaussianNoise: { args: [0.25], example: [4] },
  gelu: { args: [{ approximate: true }], example: [3] },
  globalAvgPool1d: { example: [3, 2] },
  globalAvgPool2d: { args: [{ keepDims: true }], example: [2, 3, 4] },
  globalMaxPool1d: { args: [{ keepDims: true }], example: [3, 2] },
  globalMaxPool2d: { example: [2, 3, 4] },
  globalResponseNorm: { args: [{ epsilon: 0.1 }], example: [2, 3, 4] },
  glu: { example: [4] },
  groupNorm: { args: [2, { epsilon: 0.1 }], example: [3, 4] },
  gru: { args: [2, { resetAfter: false, gates: "rzn", goBackwards: true }], example: [3, 2] },
  hardShrink: { args: [{ lambda: 0.2 }], example: [3] },
  hardSigmoid: { example: [3] },
  hardSwish: { example: [3] },
  hardTanh: { args: [{ low: -2 }], example: [3] },
  identity: { example: [3] },
  inception: {
    args: [{ type: "dense", args: [2] }, [{ type: "dense", args: [3] }, { type: "relu" }]],
    example: [4],
  },
  instanceNorm: { args: [{ center: false, track: true }], example: [3, 2] },
  layerNorm: { args: [{ axes: [-1, -2], epsilon: 0.1 }], example: [3, 2] },
  leakyRelu: { args: [0.2], example: [3] },
  learnedPositions: {
    args: [
      { tableInit: { type: "heNormal", gain: 1.4142135623730951, mode: "fanIn", truncated: true } },
    ],
    example: [3, 2],
  },
  localResponseNorm: { args: [3, { alpha: 0.5, k: 2 }], example: [2, 2, 4] },
  logSigmoid: { example: [3] },
  logSoftmax: { args: [{ axis: -2 }], example: [3, 2] },
  lpPool1d: { args: [2, { order: 3, strides: 1 }], example: [4, 2] },
  lpPool2d: { args: [[2, 1], { ceilMode: true }], example: [3, 4, 2] },
  lstm: {
    args: [
      2,
      {
        activation: { type: "relu" },
        recurrentInit: {
          type: "heNormal",
          gain: 1.4142135623730951,
          mode: "fanIn",
          truncated: true,
        },
        maskValue: 0,
      },
    ],
    example: [3, 2],
  },
  maxPool1d: { args: [2, { dilation: 2, strides: 1, padding: 1 }], example: [5, 2] },
  maxPool2d: { args: [[2, 1], { padding: "same" }], example: [5, 5, 2] },
  maximum: {
    args: [
      { type: "dense", args: [3] },
      { type: "dense", args: [3] },
    ],
    example: [4],
  },
  maxout: { args: [3], example: [2, 6] },
  minimum: { args: [{ type: "dense", args: [3] }, { type: "sequential" }], example: [3] },
  mish: { example: [3] },
  multiHeadAttention: {
    args: [
      2,
      {
        keyDim: 4,
        causal: true,
        rotary: 100,
        kernelInit: { type: "heNormal", gain: 1.4142135623730951, mode: "fanIn", truncated: true },
      },
    ],
    example: [3, 6],
  },
  multiply: {
    args: [{ type: "sequential" }, [{ type: "dense", args: [1] }, { type: "sigmoid" }]],
    example: [3],
  },
  normalization: {
    args: [
      [1, -1],
      [4, 0.25],
    ],
    example: [3, 2],
  },
  padding1d: { args: [[2, -1], { value: 0.5 }], example: [4, 2] },
  padding2d: {
    args: [
      [
        [1, 2],
        [0, 1],
      ],
      { mode: "reflect" },
    ],
    example: [3, 4, 2],
  },
  permute: { args: [[2, 3, 1]], example: [2, 3, 4] },
  piecewiseRelu: { args: [{ negativeSlope: 0.1, threshold: 0.2, maxValue: 1 }], example: [4] },
  pixelShuffle: { args: [2], example: [2, 3, 8] },
  pixelUnshuffle: { args: [2], example: [4, 6, 2] },
  prelu: { args: [{ per: "entry", alphaInit: { type: "constant", value: 0.1 } }], example: [3, 2] },
  relu: { example: [3] },
  relu6: { example: [3] },
  repeatVector: { args: [3], example: [2] },
  rescaling: { args: [0.5, 1], example: [3] },
  reshape: { args: [[-1, 2]], example: [4] },
  residual: {
    args: [
      [{ type: "dense", args: [3] }, { type: "relu" }],
      { shortcut: [{ type: "dense", args: [3, { useBias: false }] }] },
    ],
    example: [4],
  },
  resize2d: {
    args: [[5, 3], { interpolation: "bilinear", alignCorners: true }],
    example: [3, 4, 2],
  },
  rmsNorm: { args: [{ axes: -2 }], example: [3, 2] },
  rnn: { args: [2, { returnSequences: true, recurrentBias: true }], example: [3, 2] },
  rotaryPositions: { args: [{ base: 100 }], example: [3, 4] },
  rrelu: { args: [{ low: 0.1 }], example: [6] },
  selu: { example: [3] },
  separableConv1d: { args: [3, 2, { padding: "same", useBias: false }], example: [5, 2] },
  separableConv2d: {
    args: [
      3,
      2,
      {
        depthMultiplier: 2,
        pointwiseInit: {
          type: "heNormal",
          gain: 1.4142135623730951,
          mode: "fanIn",
          truncated: true,
        },
      },
    ],
    example: [3, 4, 2],
  },
  sequential: {
    args: [{ type: "conv2d", args: [2, 1] }, { type: "flatten" }, { type: "dense", args: [2] }],
    example: [2, 2, 1],
  },
  sigmoid: { example: [3] },
  silu: { example: [3] },
  sinusoidalPositions: { example: [3, 4] },
  softShrink: { args: [{ lambda: 0.1 }], example: [3] },
  softmax: { example: [3] },
  softmin: { example: [3] },
  softplus: { args: [{ beta: 2, threshold: 20 }], example: [3] },
  softsign: { example: [3] },
  sparsePlus: { example: [3] },
  sparseSigmoid: { example: [3] },
  sparsemax: { example: [4] },
  spatialDropout: { args: [0.4], example: [2, 3, 4] },
  spectralNorm: { args: [{ type: "dense", args: [1] }, { iterations: 2 }], example: [4] },
  squareplus: { args: [{ b: 1 }], example: [3] },
  squeezeExcite: { args: [2, { activation: { type: "silu" } }], example: [2, 3, 4] },
  stochasticDepth: { args: [0.4, { per: "batch" }], example: [4] },
  subtract: { args: [{ type: "dense", args: [3] }, { type: "sequential" }], example: [3] },
  swiglu: { example: [6] },
  tanh: { example: [3] },
  tanhShrink: { example: [3] },
  threshold: { args: [{ threshold: 0.1, value: 2 }], example: [3] },
  timeDistributed: { args: [{ type: "conv2d", args: [2, 2] }], example: [2, 3, 3, 1] },
  transformerBlock: { args: [4, 2, { dropout: 0.2 }], example: [3, 4] },
  unitNormalization: { args: [{ axes: [-1, -2], order: 3 }], example: [3, 2] },
  upsampling1d: { args: [3], example: [2, 2] },
  upsampling2d: { args: [[2, 1]], example: [2, 3, 2] },
  weightNorm: { args: [{ type: "dense", args: [3] }, { per: "kernel" }], example: [4] },
  weightStandardization: {
    args: [{ type: "conv2d", args: [3, 2] }, { epsilon: 0.1 }],
    example: [3, 3, 2],
  },
};
