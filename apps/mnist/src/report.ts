import type { AnyEngine, Layer, Loss, Metric, NDArray } from "@tenon/contracts";
import type { InMemoryDataset } from "@tenon/data";
import { crossEntropy, nll } from "@tenon/losses";
import { accuracy, confusionCounts, confusionMatrix, type Confusion } from "@tenon/metrics";
import type { Tensor } from "@tenon/tensor";
import { fail, flowed, percent } from "@tenon/terminal";
import { evaluate, type Weights } from "@tenon/trainer";
import colors from "picocolors";
import type { Config } from "./config.js";
import { draw, sideBySide } from "./draw.js";

/** One image that was classified as another digit. */
export interface Mistake {
  /** Which test image, counted from 0. */
  readonly index: number;
  readonly truth: number;
  readonly guess: number;
  /** The probabilities of the predicted and of the true class. */
  readonly confidence: number;
  readonly chance: number;
}

export interface Report {
  readonly accuracy: number;
  readonly loss: number;
  /** Rows are the true classes, columns the predicted ones. */
  readonly counts: readonly (readonly number[])[];
  /** The worst first: those whose true class has the lowest probability. */
  readonly mistakes: readonly Mistake[];
}

/**
 * The loss of a run, in training, validation and test alike. Of several members it is the mean of
 * their cross-entropies, so that each learns as it would alone: the network's output, the mean of
 * their logarithms of probabilities, is not normalized again.
 */
export const lossOf =
  ({ labelSmoothing, members }: Pick<Config, "labelSmoothing" | "members">): Loss<Tensor> =>
  (p, t) =>
    members === 1
      ? crossEntropy(p, t, { labelSmoothing })
      : nll(p, t)
          .mul(1 - labelSmoothing)
          .sub(p.mean().mul(labelSmoothing));

/** The probabilities behind logits. */
export function softmax(logits: ArrayLike<number>): number[] {
  const top = Math.max(...Array.from(logits));
  const e = Array.from(logits, (x) => Math.exp(x - top));
  const sum = e.reduce((a, b) => a + b, 0);
  return e.map((x) => x / sum);
}

/**
 * Ends the command where a network's output is not finite: its weights may be finite and still too
 * large.
 */
const finiteOnly: Metric = {
  name: "finite",
  start: null,
  update(state, { data }) {
    finiteAnswer(data);
    return state;
  },
  result: () => 1,
};

export function finiteAnswer(logits: ArrayLike<number>): void {
  for (let i = 0; i < logits.length; i++) {
    if (!Number.isFinite(logits[i]))
      fail(
        `expected finite values from the network, got ${logits[i]}: its weights are too ` +
          "large; train again with a lower --learning-rate",
      );
  }
}

/**
 * How a model does on the test set, and where it fails. The loss is the one it was trained with, so
 * that it compares with the others.
 */
export async function report(
  model: Layer<Tensor>,
  weights: Weights,
  test: InMemoryDataset,
  engine: AnyEngine<Tensor>,
  { classes, ...config }: Pick<Config, "classes" | "labelSmoothing" | "members">,
): Promise<Report> {
  const mistakes: Mistake[] = [];
  const matrix = confusionMatrix(classes);
  let counts: Confusion = matrix.start;
  let index = 0;
  const observe = (predictions: NDArray, targets: NDArray): void => {
    counts = matrix.update(counts, predictions, targets);
    const n = predictions.shape[0]!;
    const classes = predictions.shape[1]!;
    for (let i = 0; i < n; i++, index++) {
      const p = softmax(predictions.data.subarray(i * classes, (i + 1) * classes));
      const truth = targets.data[i]!;
      const guess = p.indexOf(Math.max(...p));
      if (guess !== truth)
        mistakes.push({ index, truth, guess, confidence: p[guess]!, chance: p[truth]! });
    }
  };
  const scores = await evaluate(model, {
    ...weights,
    data: test,
    loss: lossOf(config),
    metrics: [finiteOnly, accuracy],
    engine,
    observe,
  });
  mistakes.sort((a, b) => a.chance - b.chance);
  return {
    accuracy: scores["accuracy"]!,
    loss: scores["loss"]!,
    counts: confusionCounts(counts),
    mistakes,
  };
}

/**
 * The confusion matrix as a table: right answers green, mistakes the redder the more there are;
 * where it is too wide, the pairs.
 */
export function confusionTable(counts: Report["counts"], columns: number = Infinity): string {
  const labels = counts.map((_, i) => String(i));
  const head = labels.at(-1)!.length;
  const cell = Math.max(head, ...counts.flat().map((n) => String(n).length));
  const gap = [3, 2, 1].find((spaces) => 1 + head + counts.length * (cell + spaces) <= columns);
  if (gap === undefined) return pairs(counts, columns);
  const space = " ".repeat(gap);
  const row = (name: string, cells: readonly string[]): string =>
    ` ${[name.padStart(head), ...cells].join(space)}`;
  const shownAs = (n: number, isRight: boolean): string => {
    const text = (n === 0 && !isRight ? "·" : String(n)).padStart(cell);
    return isRight
      ? colors.green(text)
      : n === 0
        ? colors.dim(text)
        : n > 4
          ? colors.red(text)
          : colors.yellow(text);
  };
  const rule = colors.dim(` ${"─".repeat(head + counts.length * (cell + gap))}`);
  return [
    row(
      "",
      labels.map((label) => colors.bold(label.padStart(cell))),
    ),
    rule,
    ...counts.map((line, truth) =>
      row(
        colors.bold(labels[truth]!.padStart(head)),
        line.map((n, guess) => shownAs(n, guess === truth)),
      ),
    ),
    rule,
  ].join("\n");
}

/** The pairs that were mistaken most often. */
function pairs(counts: Report["counts"], columns: number): string {
  const all = counts
    .flatMap((row, truth) =>
      row.flatMap((n, guess) => (guess !== truth && n > 0 ? [{ truth, guess, n }] : [])),
    )
    .sort((a, b) => b.n - a.n);
  const most = all
    .slice(0, 20)
    .map(({ truth, guess, n }) => `${truth} for ${guess}: ${colors.red(String(n))}`);
  const more = all.length - most.length;
  const rest = more > 0 ? [colors.dim(`and ${more} more pairs`)] : [];
  return ` ${flowed([...most, ...rest], columns - 1, { gap: 3, indent: 1 })}`;
}

/** The worst mistakes, drawn next to each other as far as the width allows. */
export function mistakesDrawn(
  mistakes: readonly Mistake[],
  test: InMemoryDataset,
  columns: number,
): string {
  const [height, width] = test.x.shape as [number, number];
  const captions = mistakes
    .slice(0, 6)
    .map(
      ({ truth, guess, confidence }) => `${truth}, taken for ${guess} (${percent(confidence, 0)})`,
    );
  const each = Math.max(width, ...captions.map(({ length }) => length));
  const many = Math.max(1, Math.floor((columns + 2) / (each + 2)));
  return sideBySide(
    mistakes.slice(0, Math.min(many, 6)).map(({ index }, i) => ({
      caption: captions[i]!,
      width: each,
      lines: draw(test.gather([index]).x.data, width, height).map(
        (line) => line + " ".repeat(each - width),
      ),
    })),
  );
}
