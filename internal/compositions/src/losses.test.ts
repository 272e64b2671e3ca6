import {
  binaryCrossEntropy,
  binaryFocal,
  huber,
  logCosh,
  smoothL1,
  softMargin,
} from "@tenon/losses";
import { tensor } from "@tenon/tensor";
import { holds, none, type Case } from "./lossCases.js";

const sigmoid = (x: number): number =>
  x < 0 ? Math.exp(x) / (1 + Math.exp(x)) : 1 / (1 + Math.exp(-x));
/** −log(1 − p), and −log p of −x. */
const softplus = (x: number): number => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
const tail = [-80, -40, -20, -15, -10, -1, 0, 1, 10, 15, 20, 40, 80];
const each = (f: (x: number) => number): number[] => tail.map(f);

holds("binaryCrossEntropy is exact for sure guesses, right and wrong", [
  {
    loss: (x) => binaryCrossEntropy(x, tensor(1).broadcastTo(x.shape), none),
    x: tail,
    losses: each((x) => softplus(-x)),
    gradients: each((x) => -sigmoid(-x)),
  },
  {
    loss: (x) => binaryCrossEntropy(x, tensor(0).broadcastTo(x.shape), none),
    x: tail,
    losses: each(softplus),
    gradients: each(sigmoid),
  },
  ...[3, 0.25].flatMap((w): Case[] => [
    {
      loss: (x) => binaryCrossEntropy(x, tensor(1).broadcastTo(x.shape), { ...none, posWeight: w }),
      x: tail,
      losses: each((x) => w * softplus(-x)),
      gradients: each((x) => -w * sigmoid(-x)),
    },
    {
      loss: (x) =>
        binaryCrossEntropy(x, tensor(0).broadcastTo(x.shape), {
          ...none,
          posWeight: [...tail.map(() => w)],
        }),
      x: tail,
      losses: each(softplus),
      gradients: each(sigmoid),
    },
  ]),
  {
    loss: (x) =>
      binaryCrossEntropy(x, tensor(1).broadcastTo(x.shape), { ...none, labelSmoothing: 0.5 }),
    x: tail,
    losses: each((x) => 0.25 * softplus(x) + 0.75 * softplus(-x)),
    gradients: each((x) => 0.25 * sigmoid(x) - 0.75 * sigmoid(-x)),
  },
]);

holds("binaryCrossEntropy of infinite logits: 0 on the right side, infinite on the wrong one", [
  {
    loss: (x) => binaryCrossEntropy(x, tensor([1, 0, 0, 1]), none),
    x: [Infinity, -Infinity, Infinity, -Infinity],
    losses: [0, 0, Infinity, Infinity],
    gradients: [0, 0, 1, -1],
  },
  {
    loss: (x) => binaryCrossEntropy(x, tensor([1, 1]), { ...none, posWeight: 0 }),
    x: [-Infinity, -50],
    losses: [0, 0],
    gradients: [0, 0],
  },
]);

holds(
  "binaryFocal is exact for sure guesses, and finite where its power has an infinite gradient",
  [
    ...[2, 1, 0.5].flatMap((gamma): Case[] =>
      [1, 0].map((t) => {
        // (1 − pₜ)^γ · −log pₜ with z the logit of the truth; the derivative of σ(−z) is
        // −σ(z)σ(−z).
        const toward = t === 1 ? 1 : -1;
        const x = tail.slice(2, -2);
        const loss = (z: number): number => sigmoid(-z) ** gamma * softplus(-z);
        const gradient = (z: number): number =>
          -(sigmoid(-z) ** gamma) * (gamma * sigmoid(z) * softplus(-z) + sigmoid(-z));
        return {
          loss: (p) => binaryFocal(p, tensor(t).broadcastTo(p.shape), { ...none, gamma }),
          x,
          losses: x.map((v) => loss(toward * v)),
          gradients: x.map((v) => toward * gradient(toward * v)),
        };
      }),
    ),
    {
      loss: (x) => binaryFocal(x, tensor([1, 0, 1, 0]), { ...none, gamma: 0.5 }),
      x: [200, -200, Infinity, -Infinity],
      losses: [0, 0, 0, 0],
      gradients: [0, 0, 0, 0],
    },
    {
      loss: (x) => binaryFocal(x, tensor([1, 1]), { ...none, gamma: 0 }),
      x: [20, Infinity],
      losses: [softplus(-20), 0],
      gradients: [-sigmoid(-20), 0],
    },
    {
      loss: (x) => binaryFocal(x, tensor([1, 0]), { ...none, alpha: 0 }),
      x: [-Infinity, 2],
      losses: [0, sigmoid(2) ** 2 * softplus(2)],
      gradients: [0, sigmoid(2) ** 2 * (2 * sigmoid(-2) * softplus(2) + sigmoid(2))],
    },
    {
      loss: (x) => binaryFocal(x, tensor([1, 0]), none),
      x: [-Infinity, Infinity],
      losses: [Infinity, Infinity],
      gradients: [-1, 1],
    },
  ],
  3e-6,
);

holds("softMargin is exact in its tails", [
  {
    loss: (x) => softMargin(x, tensor(1).broadcastTo(x.shape), none),
    x: tail,
    losses: each((x) => softplus(-x)),
    gradients: each((x) => -sigmoid(-x)),
  },
  {
    loss: (x) => softMargin(x, tensor(-1).broadcastTo(x.shape), none),
    x: tail,
    losses: each(softplus),
    gradients: each(sigmoid),
  },
]);

const errors = [
  -1e30, -100, -30, -20, -3, -1, -0.1, -1e-3, -1e-6, 0, 1e-9, 1e-4, 0.5, 2, 20, 21, 88, 1e4,
];
/** ½ log(1 + sinh² d) where that does not overflow. */
const logCoshOf = (d: number): number =>
  Math.abs(d) < 20
    ? Math.log1p(Math.sinh(d) ** 2) / 2
    : Math.abs(d) + Math.log1p(Math.exp(-2 * Math.abs(d))) - Math.LN2;
holds("logCosh is exact for small errors and for large ones", [
  {
    loss: (x) => logCosh(x, tensor(0).broadcastTo(x.shape), none),
    x: errors,
    losses: errors.map(Math.fround).map(logCoshOf),
    gradients: errors.map(Math.fround).map(Math.tanh),
  },
]);

holds("huber and smoothL1, with beta 0 the absolute error", [
  {
    loss: (x) => huber(x, tensor(0).broadcastTo(x.shape), { ...none, delta: 2 }),
    x: [-1e20, -3, -2, 1e-10, 1, Infinity],
    losses: [2e20, 4, 2, 5e-21, 0.5, Infinity],
    gradients: [-2, -2, -2, 1e-10, 1, 2],
  },
  {
    loss: (x) => smoothL1(x, tensor(0).broadcastTo(x.shape), { ...none, beta: 0 }),
    x: [-3, 0, 1e-10],
    losses: [3, 0, 1e-10],
    gradients: [-1, 0, 1],
  },
]);
