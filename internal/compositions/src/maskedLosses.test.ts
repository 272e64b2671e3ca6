import { categoricalHinge, crossEntropy, hinge, klDivergence, poisson } from "@tenon/losses";
import { oneHot, tensor, type Tensor } from "@tenon/tensor";
import { expect, test } from "vitest";
import { engines, holds, none, type Case } from "./lossCases.js";

const listOf = <T>(value: T): T[] => [value];

const masked = [-Infinity, 0, 1, 2, -Infinity, 0];
const targets = tensor([0, 1, 0, 1, 0, 0], [2, 3]);
/** log Σ eˣ of each row, and softmax. */
const tops = [Math.log(1 + Math.E), Math.log(Math.exp(2) + 1)];
const p = masked.map((x, i) => Math.exp(x - tops[Math.floor(i / 3)]!));
holds("crossEntropy of classes that are masked by −∞: 0 log 0 is 0", [
  {
    loss: (x) => crossEntropy(x, targets, none),
    x: masked,
    shape: [2, 3],
    losses: [tops[0]!, tops[1]! - 2],
    gradients: p.map((q, i) => q - [0, 1, 0, 1, 0, 0][i]!),
  },
  {
    loss: (x) => crossEntropy(x, tensor(Int32Array.of(1, 0)), none),
    x: masked,
    shape: [2, 3],
    losses: [tops[0]!, tops[1]! - 2],
    gradients: p.map((q, i) => q - [0, 1, 0, 1, 0, 0][i]!),
  },
  {
    loss: (x) => crossEntropy(x, targets),
    x: masked,
    shape: [2, 3],
    losses: listOf((tops[0]! + tops[1]! - 2) / 2),
    gradients: p.map((q, i) => (q - [0, 1, 0, 1, 0, 0][i]!) / 2),
  },
  // The truth itself is masked: infinitely wrong, but for a weight of 0.
  {
    loss: (x) => crossEntropy(x, tensor([1, 0, 0], [1, 3]), none),
    x: [-Infinity, 0, 0],
    shape: [1, 3],
    losses: [Infinity],
    gradients: [-1, 0.5, 0.5],
  },
  {
    loss: (x) => crossEntropy(x, tensor([1, 0, 0], [1, 3]), { ...none, classWeights: [0, 1, 1] }),
    x: [-Infinity, 0, 0],
    shape: [1, 3],
    losses: [0],
    gradients: [0, 0, 0],
  },
  {
    loss: (x) => crossEntropy(x, tensor(Int32Array.of(0)), { ...none, classWeights: [0, 1, 1] }),
    x: [-Infinity, 0, 0],
    shape: [1, 3],
    losses: [0],
    gradients: [0, 0, 0],
  },
  ...[targets, tensor(Int32Array.of(1, 0))].map((t): Case => ({
    loss: (x) => crossEntropy(x, t, { ...none, classWeights: [1, 2, 3] }),
    x: masked,
    shape: [2, 3],
    losses: [2 * tops[0]!, tops[1]! - 2],
    gradients: p.map((q, i) => (i < 3 ? 2 : 1) * (q - [0, 1, 0, 1, 0, 0][i]!)),
  })),
  // Smoothing gives each class a part of the target: a masked one is then infinitely wrong, but for
  // a class weight of 0.
  ...[tensor([0, 1, 0], [1, 3]), tensor(Int32Array.of(1))].flatMap((t): Case[] => [
    {
      loss: (x) => crossEntropy(x, t, { ...none, labelSmoothing: 0.25 }),
      x: [-Infinity, 0, 1],
      shape: [1, 3],
      losses: [Infinity],
      gradients: [-0.25 / 3, p[1]! - 0.75 - 0.25 / 3, p[2]! - 0.25 / 3],
    },
    {
      loss: (x) => crossEntropy(x, t, { ...none, labelSmoothing: 0.25, classWeights: [0, 1, 1] }),
      x: [-Infinity, 0, 1],
      shape: [1, 3],
      losses: [0.75 * tops[0]! + (0.25 / 3) * (2 * tops[0]! - 1)],
      gradients: [
        0,
        (0.75 + 0.5 / 3) * p[1]! - 0.75 - 0.25 / 3,
        (0.75 + 0.5 / 3) * p[2]! - 0.25 / 3,
      ],
    },
    {
      loss: (x) => crossEntropy(x, t, { ...none, labelSmoothing: 1 }),
      x: [0, -Infinity, 1],
      shape: [1, 3],
      losses: [Infinity],
      gradients: [p[1]! - 1 / 3, -1 / 3, p[2]! - 1 / 3],
    },
  ]),
  // Ignored values may be anything.
  {
    loss: (x) => crossEntropy(x, tensor(Int32Array.of(9, 1)), { ignoreIndex: 9 }),
    x: [NaN, -Infinity, Infinity, -Infinity, 0, 1],
    shape: [2, 3],
    losses: listOf(tops[0]!),
    gradients: [0, 0, 0, 0, p[1]! - 1, p[2]!],
  },
]);

test.each(engines)("crossEntropy of the classes of two rows, from the report: $name", (engine) => {
  const program = engine.compile(
    (_: object, { x }: { x: Tensor }) => ({
      state: {},
      outputs: {
        byOneHot: crossEntropy(x, oneHot(tensor(Int32Array.of(1, 0)), 3)),
        byLabel: crossEntropy(x, tensor(Int32Array.of(1, 0))),
      },
    }),
    {},
    { x: { shape: [2, 3] } },
  );
  const { byOneHot, byLabel } = program.step({
    x: Float32Array.of(-Infinity, 0, 1, 2, -Infinity, 0),
  });
  expect(byOneHot.data[0]).toBeCloseTo(0.7200949, 6);
  expect(byLabel.data[0]).toBe(byOneHot.data[0]);
});

const guess = [-Infinity, Math.log(0.25), Math.log(0.75)];
holds("klDivergence where nothing was guessed, and where nothing is: 0 log 0 is 0", [
  {
    loss: (x) => klDivergence(x, tensor([0, 0.5, 0.5], [1, 3]), none),
    x: guess,
    shape: [1, 3],
    losses: [0.5 * Math.log(0.5 / 0.25) + 0.5 * Math.log(0.5 / 0.75)],
    gradients: [0, -0.5, -0.5],
  },
  {
    loss: (x) =>
      klDivergence(x, tensor([-Infinity, Math.log(0.5), Math.log(0.5)], [1, 3]), {
        ...none,
        logTargets: true,
      }),
    x: guess,
    shape: [1, 3],
    losses: [0.5 * Math.log(0.5 / 0.25) + 0.5 * Math.log(0.5 / 0.75)],
    gradients: [0, -0.5, -0.5],
  },
  {
    loss: (x) => klDivergence(x, tensor([-Infinity, 0], [1, 2]), { ...none, logTargets: true }),
    x: [-1, -2],
    shape: [1, 2],
    losses: [2],
    gradients: [0, -1],
  },
  {
    loss: (x) => klDivergence(x, tensor([1, 0], [1, 2]), none),
    x: [-Infinity, 0],
    shape: [1, 2],
    losses: [Infinity],
    gradients: [-1, 0],
  },
  // −200: a probability that float32 cannot hold.
  {
    loss: (x) => klDivergence(x, tensor([-200, 0], [1, 2]), { ...none, logTargets: true }),
    x: [-Infinity, 0],
    shape: [1, 2],
    losses: [0],
    gradients: [0, -1],
  },
]);

holds("poisson where no rate meets no count: 0 log 0 is 0", [
  {
    loss: (x) => poisson(x, tensor([0, 0, 2]), none),
    x: [-Infinity, 1, 0],
    losses: [0, Math.E, 1],
    gradients: [0, Math.E, -1],
  },
  {
    loss: (x) => poisson(x, tensor([0, 0, 2]), { ...none, log: false, epsilon: 0 }),
    x: [0, 3, 1],
    losses: [0, 3, 1],
    gradients: [1, 1, -1],
  },
  {
    loss: (x) => poisson(x, tensor([0]), { ...none, full: true }),
    x: [-Infinity],
    losses: [0],
    gradients: [0],
  },
  {
    loss: (x) => poisson(x, tensor([1]), none),
    x: [-Infinity],
    losses: [Infinity],
    gradients: [-1],
  },
]);

holds("categoricalHinge of classes that are masked by −∞", [
  {
    loss: (x) => categoricalHinge(x, tensor([0, 1, 0], [1, 3]), none),
    x: [-Infinity, 0.25, 0.5],
    shape: [1, 3],
    losses: [1.25],
    gradients: [0, -1, 1],
  },
]);

holds("hinge beyond its margin", [
  {
    loss: (x) => hinge(x, tensor([1, -1]), none),
    x: [Infinity, Infinity],
    losses: [0, Infinity],
    gradients: [0, 1],
  },
]);
