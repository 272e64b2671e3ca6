import { embedding } from "@tenon/layers";
import {
  crossEntropy,
  ctc,
  generalizedCrossEntropy,
  multiclassHinge,
  multiMargin,
  nll,
} from "@tenon/losses";
import type { Engine } from "@tenon/contracts";
import { gradients, pass, reference, slice, type Tensor } from "@tenon/tensor";
import { refusal } from "@tenon/testkit";
import { wasm } from "@tenon/wasm";
import { expect, test } from "vitest";

// A label, length or token out of bounds in one's own loop: every engine names the function that
// was called, what it was given, and where.

const engines: readonly Engine<Tensor>[] = [
  reference(),
  await wasm({ threads: 1 }),
  await wasm({ threads: 2 }),
];
const [n, steps, classes, most] = [3, 4, 5, 2];

interface Given {
  readonly x: Tensor;
  readonly labels: Tensor;
  readonly sequences: Tensor;
  readonly lengths: Tensor;
}
type Loss = (given: Given) => Tensor;

const last = ({ x }: Given): Tensor => slice(x, [0, 0, 0], [n, 1, classes]).reshape([n, classes]);
/** What is made of the last two labels, [n, classes − 3] of [n, classes]. */
const lossOfLabels: Readonly<Record<string, Loss>> = {
  crossEntropy: (given) => crossEntropy(last(given), given.labels),
  "crossEntropy, weights": (given) =>
    crossEntropy(last(given), given.labels, { classWeights: [1, 2, 3, 4, 5] }),
  "crossEntropy, ignoreIndex": (given) =>
    crossEntropy(last(given), given.labels, { ignoreIndex: 1, labelSmoothing: 0.1 }),
  nll: (given) => nll(last(given).logSoftmax(), given.labels),
  "nll, weights": (given) =>
    nll(last(given), given.labels, { classWeights: [1, 2, 3, 4, 5], ignoreIndex: 1 }),
  multiMargin: (given) => multiMargin(last(given), given.labels),
  "multiMargin, weights": (given) =>
    multiMargin(last(given), given.labels, { classWeights: [1, 2, 3, 4, 5] }),
  multiclassHinge: (given) => multiclassHinge(last(given), given.labels),
  generalizedCrossEntropy: (given) => generalizedCrossEntropy(last(given), given.labels),
};
const labelSaid = (name: string, label: number, place: string): string =>
  `${name.split(",")[0]!}: expected labels below 5, the number of classes, got ${label} at ` +
  `${place}; give labels from 0 to 4. Nothing was changed`;

const good = {
  labels: Int32Array.of(0, 4, 2),
  sequences: Int32Array.of(1, 2, 3, 3, 4, 1),
  lengths: Int32Array.of(2, 0, 1),
};
type Feeds = Partial<typeof good>;

interface Case {
  readonly name: string;
  readonly loss: Loss;
  readonly feeds: Feeds;
  readonly said: string;
}
const inSequence = (sequences: Feeds["sequences"], said: string): Case => ({
  name: "crossEntropy, an axis in front",
  loss: ({ x, sequences }) => {
    const pairs = slice(x, [0, 0, 0], [n, most, classes]);
    return crossEntropy(pairs.transpose([0, 2, 1]), sequences, { axis: 1 });
  },
  ...{ feeds: { sequences: sequences! }, said },
});
const cases: readonly Case[] = [
  ...Object.entries(lossOfLabels).flatMap(([name, loss]) => [
    { name, loss, feeds: { labels: Int32Array.of(0, 4, 5) }, said: labelSaid(name, 5, "[2]") },
    { name, loss, feeds: { labels: Int32Array.of(0, -1, 9) }, said: labelSaid(name, -1, "[1]") },
  ]),
  inSequence(Int32Array.of(0, 1, 2, 3, 4, 7), labelSaid("crossEntropy", 7, "[2, 1]")),
  {
    name: "ctc",
    loss: ({ x, sequences, lengths }) => ctc(x, sequences, { targetLengths: lengths }),
    feeds: { sequences: Int32Array.of(1, 6, 9, 9, 1, 9) },
    said: labelSaid("ctc", 6, "[0, 1]"),
  },
  {
    name: "ctc, targets that end with the blank",
    loss: ({ x, sequences }) => ctc(x, sequences),
    feeds: { sequences: Int32Array.of(1, 0, 2, -1, 3, 5) },
    said: labelSaid("ctc", 5, "[2, 1]"),
  },
  {
    name: "ctc, lengths of targets",
    loss: ({ x, sequences, lengths }) => ctc(x, sequences, { targetLengths: lengths }),
    feeds: { lengths: Int32Array.of(2, 3, 1) },
    said:
      "ctc: expected targetLengths below 3, one more than there are labels, got 3 at [1]; give " +
      "targetLengths from 0 to 2. Nothing was changed",
  },
  {
    name: "ctc, lengths of inputs",
    loss: ({ x, sequences, lengths }) => ctc(x, sequences, { inputLengths: lengths.sub(1) }),
    feeds: { lengths: Int32Array.of(2, 90, 0) },
    said:
      "ctc: expected inputLengths below 5, one more than there are steps, got -1 at [2]; give " +
      "inputLengths from 0 to 4. Nothing was changed",
  },
  {
    name: "embedding",
    loss: ({ x, sequences }) => {
      const table = slice(x.reshape([n * steps, classes]), [0, 0], [5, classes]);
      return embedding(5, classes)
        .forward(sequences, pass({ params: { table } }))
        .square()
        .sum();
    },
    feeds: { sequences: Int32Array.of(1, 2, 3, 5, 1, 1) },
    said:
      "embedding: expected inputs below 5, the number of rows, got 5 at [1, 1]; give inputs from " +
      "0 to 4. Nothing was changed",
  },
];

test.each(cases)("$name", ({ loss, feeds, said }) => {
  const start = {
    x: {
      shape: [n, steps, classes],
      dtype: "float32",
      data: Float32Array.from({ length: n * steps * classes }, (_, i) => Math.sin(i)),
    },
  } as const;
  const inputs = {
    labels: { shape: [n], dtype: "int32" },
    sequences: { shape: [n, most], dtype: "int32" },
    lengths: { shape: [n], dtype: "int32" },
  } as const;
  for (const engine of engines)
    for (const returns of ["the loss", "its gradient alone"]) {
      const program = engine.compile(
        ({ x }: { x: Tensor }, fed) => {
          const value = loss({ x, ...fed } as Given);
          const isLoss = returns === "the loss";
          return {
            state: isLoss ? { x: x.add(1) } : { x: x.sub(gradients(value, { x }).x) },
            outputs: isLoss ? { value } : {},
          };
        },
        start,
        inputs,
      );
      expect(() => program.step({ ...good, ...feeds } as never)).toThrow(refusal(said));
      expect(program.state()).toEqual(start);
    }
});
