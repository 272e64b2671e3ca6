import type { Engine, Layer, NDArray } from "@tenon/contracts";
import type { InMemoryDataset } from "@tenon/data";
import { crossEntropy } from "@tenon/losses";
import { accuracy, confusionCounts, confusionMatrix, type Confusion } from "@tenon/metrics";
import type { Tensor } from "@tenon/tensor";
import { evaluate, type Weights } from "@tenon/trainer";
import Table from "cli-table3";
import colors from "picocolors";
import { draw, sideBySide } from "./draw.js";
import { percent } from "./progress.js";

/** One image that was taken for another digit. */
export interface Mistake {
  /** Which test image, counted from 0. */
  readonly index: number;
  readonly truth: number;
  readonly guess: number;
  /** The probability of the guess, and of the truth. */
  readonly confidence: number;
  readonly chance: number;
}

export interface Report {
  readonly accuracy: number;
  readonly loss: number;
  /** Rows are what it was, columns what it was taken for. */
  readonly counts: readonly (readonly number[])[];
  /** The worst first: those whose truth was thought the least likely. */
  readonly mistakes: readonly Mistake[];
}

/** The probabilities behind ten logits. */
export function softmax(logits: ArrayLike<number>): number[] {
  const top = Math.max(...Array.from(logits)), e = Array.from(logits, (x) => Math.exp(x - top)), sum = e.reduce((a, b) => a + b, 0);
  return e.map((x) => x / sum);
}

/** How a model does on the test set, and where it fails. */
export async function report(model: Layer<Tensor>, weights: Weights, test: InMemoryDataset, engine: Engine<Tensor>): Promise<Report> {
  const mistakes: Mistake[] = [], matrix = confusionMatrix(10);
  let counts: Confusion = matrix.start, index = 0;
  const observe = (predictions: NDArray, targets: NDArray): void => {
    counts = matrix.update(counts, predictions, targets);
    const n = predictions.shape[0]!, classes = predictions.shape[1]!;
    for (let i = 0; i < n; i++, index++) {
      const p = softmax(predictions.data.subarray(i * classes, (i + 1) * classes)), truth = targets.data[i]!;
      const guess = p.indexOf(Math.max(...p));
      if (guess !== truth) mistakes.push({ index, truth, guess, confidence: p[guess]!, chance: p[truth]! });
    }
  };
  const scores = await evaluate(model, { ...weights, data: test, loss: crossEntropy, metrics: [accuracy], engine, observe });
  mistakes.sort((a, b) => a.chance - b.chance);
  return { accuracy: scores["accuracy"]!, loss: scores["loss"]!, counts: confusionCounts(counts), mistakes };
}

/** The confusion matrix as a table: right answers green, mistakes the redder the more there are. */
export function confusionTable(counts: Report["counts"]): string {
  const table = new Table({
    head: ["", ...counts.map((_, i) => colors.bold(String(i)))], style: { head: [], border: [], compact: true },
    colAligns: counts.map(() => "right" as const).concat("right"),
    chars: { mid: "", "left-mid": "", "mid-mid": "", "right-mid": "", top: "─", "top-mid": "─", "top-left": " ", "top-right": " ", bottom: "─", "bottom-mid": "─", "bottom-left": " ", "bottom-right": " ", left: " ", right: " ", middle: " " },
  });
  counts.forEach((row, truth) => table.push([colors.bold(String(truth)), ...row.map((n, guess) =>
    guess === truth ? colors.green(String(n)) : n === 0 ? colors.dim("·") : n > 4 ? colors.red(String(n)) : colors.yellow(String(n)))]));
  return table.toString();
}

/** The worst mistakes, drawn next to each other as far as there is room. */
export function mistakesDrawn(mistakes: readonly Mistake[], test: InMemoryDataset, columns: number): string {
  const [height, width] = test.x.shape as [number, number];
  const many = Math.max(1, Math.min(6, Math.floor((columns + 2) / (width + 2))));
  return sideBySide(mistakes.slice(0, many).map(({ index, truth, guess, confidence }) => ({
    caption: `${truth}, taken for ${guess} (${percent(confidence, 0)})`, width, lines: draw(test.gather([index]).x.data, width, height),
  })));
}
