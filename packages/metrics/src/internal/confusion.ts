import type { Metric, NDArray } from "@tenon/contracts";
import { badArgument, shown, whole } from "@tenon/guards";
import { checkingState } from "./checkingState.js";
import { checkSame } from "./check.js";
import { eachPair } from "./pairs.js";
import { weightsOf } from "./weights.js";

/**
 * How often each class was predicted as each: counts[truth · classes + predicted]. With weights of
 * examples, the sum of theirs.
 */
export type Confusion = { readonly classes: number; readonly counts: readonly number[] };

/** A metric whose result is computed from a confusion matrix. */
export function fromConfusion(
  name: string,
  classes: number,
  result: (state: Confusion) => number,
): Metric<Confusion> {
  whole(name, "classes", classes, 2);
  return checkingState({
    name,
    start: { classes, counts: new Array<number>(classes * classes).fill(0) },
    update(state: Confusion, predictions: NDArray, targets: NDArray, weights?: NDArray): Confusion {
      const counts = [...state.counts];
      eachPair(name, predictions, targets, weights, classes, (truth, predicted, weight) => {
        if (predicted < 0) throw notANumber(name);
        counts[truth * classes + predicted] += weight;
      });
      return { classes, counts };
    },
    result,
  });
}

/**
 * The same for two classes decided by one value and a threshold: a prediction above the threshold
 * is of class 1.
 */
export function fromThreshold(
  name: string,
  threshold: number,
  result: (state: Confusion) => number,
): Metric<Confusion> {
  if (!Number.isFinite(threshold))
    throw badArgument(
      name,
      "a finite threshold",
      shown(threshold),
      "use 0.5 for probabilities, 0 for logits",
    );
  return checkingState({
    name,
    start: { classes: 2, counts: [0, 0, 0, 0] },
    update(state: Confusion, predictions: NDArray, targets: NDArray, weights?: NDArray): Confusion {
      checkSame(name, predictions, targets);
      const weight = weightsOf(name, weights, targets.shape);
      const counts = [...state.counts];
      for (let i = 0; i < targets.data.length; i++) {
        const [truth, prediction] = [targets.data[i], predictions.data[i]];
        checkBinary(name, truth, i);
        if (Number.isNaN(prediction)) throw notANumber(name);
        counts[2 * truth + (prediction > threshold ? 1 : 0)] += weight(i);
      }
      return { classes: 2, counts };
    },
    result,
  });
}

export function checkBinary(who: string, target: number, index: number): void {
  if (target !== 0 && target !== 1)
    throw badArgument(who, "targets of 0 and 1", `${target} at ${index}`);
}

function notANumber(name: string): Error {
  return badArgument(name, "no NaN", "NaN among the predictions");
}

/** How many of each class were predicted as it. */
export function right({ classes, counts }: Confusion): number[] {
  return counts.filter((_, i) => i % (classes + 1) === 0);
}

/** How many were predicted as each class. */
export function taken({ classes, counts }: Confusion): number[] {
  return Array.from({ length: classes }, (_, predicted) =>
    sum(counts.filter((_, i) => i % classes === predicted)),
  );
}

/** How many were of each class. */
export function support({ classes, counts }: Confusion): number[] {
  return Array.from({ length: classes }, (_, truth) =>
    sum(counts.slice(truth * classes, (truth + 1) * classes)),
  );
}

export function sum(values: readonly number[]): number {
  return values.reduce((a, b) => a + b, 0);
}

/** part / whole, and 0 where whole is 0. */
export function ratio(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole;
}
