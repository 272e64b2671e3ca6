import { expect, test } from "vitest";
import type { NDArray } from "@tenon/contracts";
import {
  binaryCrossEntropy,
  binaryFocal,
  categoricalHinge,
  crossEntropy,
  hinge,
  huber,
  klDivergence,
  logCosh,
  poisson,
  smoothL1,
  softMargin,
} from "@tenon/losses";
import { gradients, reference, tensor, type Tensor } from "@tenon/tensor";
import { wasm } from "@tenon/wasm";

// Losses where they are hardest, in float32 on both engines: tails, infinite logits, weights of
// nothing. What is expected is each loss's formula in float64, written so that nothing in it
// cancels.

const engines = [reference(), await wasm({ threads: 1 })];
const none = { reduction: "none" } as const;
const one = <T>(value: T): T[] => [value];

interface Case {
  readonly loss: (x: Tensor) => Tensor;
  readonly x: readonly number[];
  readonly shape?: readonly number[];
  readonly losses: readonly number[];
  readonly gradients: readonly number[];
}

/**
 * Each number within a few units of the last place of float32 of what it should be, however small.
 */
function close(
  actual: ArrayLike<number>,
  expected: readonly number[],
  what: string,
  tolerance: number,
): void {
  expect(actual.length).toBe(expected.length);
  expected.forEach((e, i) => {
    const a = actual[i]!;
    if (!(
      a === e ||
      (Number.isNaN(a) && Number.isNaN(e)) ||
      Math.abs(a - e) <= tolerance * Math.abs(e)
    ))
      expect.fail(`${what} ${i}: expected ${e}, got ${a}`);
  });
}

function holds(name: string, cases: readonly Case[], tolerance = 1e-6): void {
  test.each(engines)(`${name}: $name`, (engine) => {
    for (const { loss, x, shape = [x.length], losses, gradients: expected } of cases) {
      const program = engine.compile(
        (_: object, fed: { x: Tensor }) => {
          const value = loss(fed.x);
          return { state: {}, outputs: { value, gradient: gradients(value.sum(), fed.x) } };
        },
        {},
        { x: { shape } },
      );
      const { value, gradient } = program.step({ x: Float32Array.from(x) }) as unknown as Record<
        "value" | "gradient",
        NDArray
      >;
      close(value.data, losses, `loss of ${x.join(", ")}`, tolerance);
      close(gradient.data, expected, `gradient of ${x.join(", ")}`, tolerance);
    }
  });
}

const sigmoid = (x: number): number =>
  x < 0 ? Math.exp(x) / (1 + Math.exp(x)) : 1 / (1 + Math.exp(-x));
/** −log(1 − p), and −log p of −x. */
const softplus = (x: number): number => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
const tail = [-80, -40, -20, -15, -10, -1, 0, 1, 10, 15, 20, 40, 80];
const each = (of: (x: number) => number): number[] => tail.map(of);

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

const masked = [-Infinity, 0, 1, 2, -Infinity, 0];
const oneHot = tensor([0, 1, 0, 1, 0, 0], [2, 3]);
/** log Σ eˣ of each row, and softmax. */
const tops = [Math.log(1 + Math.E), Math.log(Math.exp(2) + 1)];
const p = masked.map((x, i) => Math.exp(x - tops[Math.floor(i / 3)]!));
holds("crossEntropy of classes that are masked by −∞: 0 log 0 is 0", [
  {
    loss: (x) => crossEntropy(x, oneHot, none),
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
    loss: (x) => crossEntropy(x, oneHot),
    x: masked,
    shape: [2, 3],
    losses: one((tops[0]! + tops[1]! - 2) / 2),
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
  ...[oneHot, tensor(Int32Array.of(1, 0))].map((t): Case => ({
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
  // What is ignored may be anything.
  {
    loss: (x) => crossEntropy(x, tensor(Int32Array.of(9, 1)), { ignoreIndex: 9 }),
    x: [NaN, -Infinity, Infinity, -Infinity, 0, 1],
    shape: [2, 3],
    losses: one(tops[0]!),
    gradients: [0, 0, 0, 0, p[1]! - 1, p[2]!],
  },
]);

test.each(engines)("crossEntropy of the classes of two rows, from the report: $name", (engine) => {
  const program = engine.compile(
    (_: object, { x }: { x: Tensor }) => ({
      state: {},
      outputs: {
        byOneHot: crossEntropy(x, tensor(Int32Array.of(1, 0)).oneHot(3)),
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
