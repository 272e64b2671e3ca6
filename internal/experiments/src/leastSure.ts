import type { ByPath, NDArray } from "@tenon/contracts";
import type { InMemoryDataset } from "@tenon/data";
import { predictor, type PredictorOptions, type StudySetup } from "@tenon/trainer";

/** A digit, and what the members of an ensemble say of it. */
export type SeenDigit = {
  readonly label: number;
  /** Of each member the probability of the digit's own class, and of their average. */
  readonly members: readonly number[];
  readonly average: number;
  /** The class that the average says. */
  readonly answer: number;
};

/** Softmax of `classes` logits from a place on, in float64. */
function probabilities({ data }: NDArray, at: number, classes: number): number[] {
  const logits = Array.from({ length: classes }, (_, c) => data[at + c]!);
  const powers = logits.map((logit) => Math.exp(logit - Math.max(...logits)));
  const sum = powers.reduce((total, power) => total + power, 0);
  return powers.map((power) => power / sum);
}

/** What is said of each digit, and how sure the average is: its highest probability. */
function seen(predictions: NDArray, labels: ArrayLike<number>): (SeenDigit & { sure: number })[] {
  const [n, rows, classes] = predictions.shape as readonly [number, number, number];
  return Array.from({ length: n }, (_, i) => {
    const all = Array.from({ length: rows }, (_, row) =>
      probabilities(predictions, (i * rows + row) * classes, classes),
    );
    const label = labels[i]!;
    const average = all.at(-1)!;
    const sure = Math.max(...average);
    return {
      ...{ label, average: average[label]!, answer: average.indexOf(sure), sure },
      members: all.slice(0, rows / 2).map((p) => p[label]!),
    };
  });
}

/**
 * The digits of which the average of an ensemble is least sure, those first: its highest
 * probability is the lowest.
 *
 * @param predictions [n, 2k, classes], the output of `members(k, …)`
 */
export function leastSure(
  predictions: NDArray,
  labels: ArrayLike<number>,
  count: number,
): readonly SeenDigit[] {
  return seen(predictions, labels)
    .sort((a, b) => a.sure - b.sure)
    .slice(0, count)
    .map(({ sure: _, ...digit }) => digit);
}

/** The same of the validation data of a set-up, whose model is `members(k, …)`. */
export function leastSureOf(
  { model, validation }: StudySetup,
  weights: PredictorOptions,
  count: number,
): readonly SeenDigit[] {
  const data = validation as InMemoryDataset;
  const { x, y } = data.gather(Array.from({ length: data.size }, (_, i) => i));
  return leastSure(predictor(model, weights).predict(x), y!.data, count);
}

/** The arrays below a path, by the rest of theirs. */
export const below = (arrays: ByPath<NDArray>, path: string): ByPath<NDArray> =>
  Object.fromEntries(
    Object.entries(arrays).flatMap(([name, array]) =>
      name.startsWith(path) ? [[name.slice(path.length), array]] : [],
    ),
  );
