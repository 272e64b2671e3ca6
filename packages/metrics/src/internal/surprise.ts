import type { Elements, NDArray } from "@tenon/contracts";
import { notNegative, oneOf } from "@tenon/guards";
import { areLabels, checkLabel } from "./check.js";
import type { Values } from "./meanOf.js";
import type { PredictionOptions } from "../predictionOptions.js";

export interface CheckedOptions {
  readonly logits: boolean;
  readonly eps: number;
}

export function checkedOptions(who: string, options: PredictionOptions): CheckedOptions {
  const { from = "logits", eps = 1e-7 } = options;
  oneOf(who, "from", from, ["logits", "probabilities"]);
  notNegative(who, "eps", eps);
  return { logits: from === "logits", eps };
}

/**
 * −log p of each class of a row that begins at `begin`: of logits log Σ eˣ − x; of probabilities,
 * divided by their sum and kept in [eps, 1 − eps], −log p.
 */
export function surprises(
  data: Elements,
  begin: number,
  width: number,
  { logits, eps }: CheckedOptions,
): (index: number) => number {
  let sum = 0;
  if (!logits) {
    for (let i = 0; i < width; i++) sum += data[begin + i];
    return (i) => -Math.log(clipped(data[begin + i] / sum, eps, 1 - eps));
  }
  let largest = -Infinity;
  for (let i = 0; i < width; i++) largest = Math.max(largest, data[begin + i]);
  for (let i = 0; i < width; i++) sum += Math.exp(data[begin + i] - largest);
  return (i) => Math.log(sum) - (data[begin + i] - largest);
}

/** The cross entropy of each row of predictions with labels, or with rows of probabilities. */
export function crossEntropies(
  who: string,
  predictions: NDArray,
  targets: NDArray,
  options: CheckedOptions,
): Values {
  const labels = areLabels(who, predictions, targets);
  const [width, t] = [predictions.shape.at(-1)!, targets.data];
  return {
    shape: predictions.shape.slice(0, -1),
    at(row) {
      const surprise = surprises(predictions.data, row * width, width, options);
      if (labels) {
        checkLabel(who, t[row], width, row);
        return surprise(t[row]);
      }
      let sum = 0;
      for (let i = 0; i < width; i++) sum += weighted(t[row * width + i], surprise(i));
      return sum;
    },
  };
}

/** The product, in which 0 times what is infinite is 0. */
export function weighted(weight: number, value: number): number {
  return weight === 0 ? 0 : weight * value;
}

export function clipped(value: number, low: number, high: number): number {
  return value < low ? low : value > high ? high : value;
}
