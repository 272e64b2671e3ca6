import {
  binarySparsemax,
  categoricalFocal,
  cosineEmbedding,
  dice,
  gaussianNll,
  hingeEmbedding,
  mape,
  marginRanking,
  msle,
  multiclassHinge,
  multiLabelMargin,
  multiMargin,
  nll,
  polyCrossEntropy,
  tripletMargin,
  tversky,
} from "@tenon/losses";
import { tensor } from "@tenon/tensor";
import { holds, none } from "./lossCases.js";

const labels = (...data: readonly number[]) => tensor(Int32Array.from(data));

holds(
  "hingeEmbedding, marginRanking, multiMargin and multiclassHinge at and beside their margins",
  [
    {
      loss: (d) => hingeEmbedding(d, tensor([1, 1, -1, -1, -1]), { ...none, margin: 2 }),
      x: [3, -1, 0.5, 1.5, 5],
      losses: [3, -1, 1.5, 0.5, 0],
      gradients: [1, 1, -1, -1, 0],
    },
    {
      loss: (x) =>
        marginRanking(x, tensor([1, 1, 1]), tensor([1, -1, 1]), { ...none, margin: 0.5 }),
      x: [1.25, 1.25, 4],
      losses: [0.25, 0.75, 0],
      gradients: [-1, 1, 0],
    },
    {
      loss: (x) => multiMargin(x, labels(1, 0), { ...none, classWeights: [2, 1, 1] }),
      x: [0.5, 1, -3, 4, 3.5, 4.5],
      shape: [2, 3],
      losses: [0.5 / 3, (2 * (0.5 + 1.5)) / 3],
      gradients: [1 / 3, -1 / 3, 0, -4 / 3, 2 / 3, 2 / 3],
    },
    {
      loss: (x) => multiMargin(x, labels(0), { ...none, squared: true, margin: 2 }),
      x: [1, 0.5, -4],
      shape: [1, 3],
      losses: [1.5 ** 2 / 3],
      gradients: [-1, 1, 0],
    },
    {
      // The example of PyTorch's page, labels 3 and 0 of four: 0.85.
      loss: (x) => multiLabelMargin(x, tensor([1, 0, 0, 1], [1, 4]), none),
      x: [0.1, 0.2, 0.4, 0.8],
      shape: [1, 4],
      losses: [0.85],
      gradients: [-0.5, 0.5, 0.5, -0.5],
    },
    {
      loss: (x) => multiclassHinge(x, labels(1, 0), none),
      x: [0.5, 1, -3, 4, 3.5, -Infinity],
      shape: [2, 3],
      losses: [0.5, 0.5],
      gradients: [1, -1, 0, -1, 1, 0],
    },
  ],
);

holds("tripletMargin and cosineEmbedding, also of equal and of empty vectors", [
  {
    // ‖a − p‖ = 5, ‖a − n‖ = 13, so that 10 are lacking to a margin of 18.
    loss: (a) =>
      tripletMargin(a, tensor([[0, 0]]), tensor([[-2, -8]]), { ...none, margin: 18, epsilon: 0 }),
    x: [3, 4],
    shape: [1, 2],
    losses: [10],
    gradients: [3 / 5 - 5 / 13, 4 / 5 - 12 / 13],
  },
  {
    loss: (a) => tripletMargin(a, tensor([[1, 1]]), tensor([[4, 5]]), { ...none, p: 1, margin: 9 }),
    x: [2, 3],
    shape: [1, 2],
    losses: [9 + 3 - 4],
    gradients: [2, 2],
  },
  {
    loss: (a) => tripletMargin(a, tensor([[1, 2]]), tensor([[1, 2]]), { ...none, epsilon: 0 }),
    x: [1, 2],
    shape: [1, 2],
    losses: [1],
    gradients: [0, 0],
  },
  {
    loss: (x) => cosineEmbedding(x, tensor([[1, 0]]), tensor([1]), none),
    x: [3e18, 4e18],
    shape: [1, 2],
    losses: [0.4],
    gradients: [-(1 - 0.36) / 5e18, (0.6 * 0.8) / 5e18],
  },
  {
    loss: (x) => cosineEmbedding(x, tensor([[1, 0]]), tensor([-1]), { ...none, margin: 0.5 }),
    x: [3, 4],
    shape: [1, 2],
    losses: [0.1],
    gradients: [(1 - 0.36) / 5, (-0.6 * 0.8) / 5],
  },
  {
    // PyTorch adds 1e-12 to squared lengths: that of this one is 25 · 1e-12.
    loss: (x) => cosineEmbedding(x, tensor([[1, 0]]), tensor([1]), none),
    x: [3e-6, 4e-6],
    shape: [1, 2],
    losses: [1 - 3 / Math.sqrt(26)],
    gradients: [(-(1 - 9 / 26) / Math.sqrt(26)) * 1e6, (12 / 26 / Math.sqrt(26)) * 1e6],
  },
  {
    loss: (x) => cosineEmbedding(x, tensor([[1, 0]]), tensor([-1]), none),
    x: [-3, 0],
    shape: [1, 2],
    losses: [0],
    gradients: [0, 0],
  },
]);

const softmax = (x: readonly number[]): number[] => {
  const sum = x.reduce((total, value) => total + Math.exp(value), 0);
  return x.map((value) => Math.exp(value) / sum);
};
const x = [-1, 0.5, 2];
const p = softmax(x);
/** The derivative of a function of p₂ by the logits, given its derivative by p₂. */
const chained = (derivative: number): number[] =>
  p.map((value, i) => derivative * p[2]! * ((i === 2 ? 1 : 0) - value));

holds(
  "nll, categoricalFocal, polyCrossEntropy and binarySparsemax",
  [
    {
      loss: (logs) => nll(logs, labels(2, 9, 0), { ignoreIndex: 9, classWeights: [0, 1, 3] }),
      x: [-3, -2, -0.5, NaN, Infinity, NaN, -Infinity, -1, -2],
      shape: [3, 3],
      losses: [0.5],
      gradients: [0, 0, -1, 0, 0, 0, 0, 0, 0],
    },
    {
      loss: (logits) => categoricalFocal(logits, tensor([[0, 0, 1]]), { ...none, alpha: 0.25 }),
      x,
      shape: [1, 3],
      losses: [-0.25 * (1 - p[2]!) ** 2 * Math.log(p[2]!)],
      gradients: chained(0.25 * (2 * (1 - p[2]!) * Math.log(p[2]!) - (1 - p[2]!) ** 2 / p[2]!)),
    },
    {
      loss: (logits) => categoricalFocal(logits, tensor([[0, 1]]), { ...none, gamma: 0.5 }),
      x: [-Infinity, 100],
      shape: [1, 2],
      losses: [0],
      gradients: [0, 0],
    },
    {
      loss: (logits) => polyCrossEntropy(logits, tensor([[0, 0, 1]]), { ...none, epsilon: -0.5 }),
      x,
      shape: [1, 3],
      losses: [-Math.log(p[2]!) - 0.5 * (1 - p[2]!)],
      gradients: chained(-1 / p[2]! + 0.5),
    },
    {
      loss: (logits) => binarySparsemax(logits, tensor([1, 1, 1, 0, 0]), none),
      x: [1e30, 0.5, -3, -0.5, 2],
      losses: [0, 0.0625, 3, 0.0625, 2],
      gradients: [0, -0.25, -1, 0.25, 1],
    },
  ],
  3e-6,
);

holds("gaussianNll, mape, msle, dice and tversky", [
  {
    loss: (mean) => gaussianNll(mean, tensor([1, 1, 1]), { ...none, variance: 4, full: true }),
    x: [1, 3, -1e15],
    losses: [0, 2, 1e15].map((d) => d ** 2 / 8 + Math.log(8 * Math.PI) / 2),
    gradients: [0, 0.5, -2.5e14],
  },
  {
    loss: (v) => gaussianNll(tensor([3, 3]), tensor([1, 1]), { ...none, variance: v }),
    x: [4, 1e-9],
    losses: [0.5 + Math.log(2), 2e6 + Math.log(1e-6) / 2],
    gradients: [0, 0],
  },
  {
    loss: (y) => mape(y, tensor([4, -2, 0]), { ...none, epsilon: 0.5 }),
    x: [5, -1, -1],
    losses: [25, 50, 200],
    gradients: [25, 50, -200],
  },
  {
    loss: (y) => msle(y, tensor([Math.E - 1, 0, 3]), none),
    x: [Math.E ** 3 - 1, -5, 3],
    losses: [4, 0, 0],
    gradients: [4 / Math.E ** 3, 0, 0],
  },
  {
    loss: (q) =>
      dice(
        q,
        tensor([
          [1, 0],
          [1, 1],
        ]),
        { ...none, axes: [1], epsilon: 0 },
      ),
    x: [0.5, 0.25, 1, 1],
    shape: [2, 2],
    losses: [1 - 1 / 1.75, 0],
    gradients: [-(2 * 1.75 - 1) / 1.75 ** 2, 1 / 1.75 ** 2, -0.25, -0.25],
  },
  {
    loss: (q) => dice(q, tensor([0, 0]), { smooth: 1, epsilon: 0 }),
    x: [0, 0],
    losses: [0],
    gradients: [1, 1],
  },
  {
    // One and a half are in both sets, ½ is wrong, and ½ is missing.
    loss: (q) => tversky(q, tensor([1, 1, 0]), { alpha: 0.2, beta: 0.6, epsilon: 0 }),
    x: [1, 0.5, 0.5],
    losses: [1 - 1.5 / 1.9],
    gradients: [
      -(1.9 - 1.5 * 0.4) / 1.9 ** 2,
      -(1.9 - 1.5 * 0.4) / 1.9 ** 2,
      (1.5 * 0.2) / 1.9 ** 2,
    ],
  },
]);
