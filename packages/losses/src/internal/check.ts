import { badArgument, isFiniteNumber, shown } from "@tenon/guards";
import { checkTensor, sameShape, show, type Tensor } from "@tenon/tensor";

export { sameShape, show };

/** Throws unless both are tensors. */
export function checkTensors(name: string, predictions: Tensor, targets: Tensor): void {
  checkTensor(name, predictions, "predictions as a tensor");
  checkTensor(name, targets, "targets as a tensor");
}

/**
 * Throws unless both have one shape: broadcasting [n, 1] against [n] would silently compare
 * everything with everything.
 */
export function checkSame(name: string, predictions: Tensor, targets: Tensor): void {
  checkTensors(name, predictions, targets);
  if (!sameShape(predictions.shape, targets.shape))
    throw badArgument(
      name,
      "predictions and targets of one shape",
      `${show(predictions.shape)} and ${show(targets.shape)}`,
      "reshape one of them",
    );
}

/** Throws unless `x` is finite and above zero. */
export function checkPositive(name: string, what: string, x: number): void {
  if (!isFiniteNumber(x) || x <= 0)
    throw badArgument(name, `${what} as a finite number > 0`, shown(x));
}

/** Throws unless `x` is finite and not below zero. */
export function checkNotNegative(name: string, what: string, x: number): void {
  if (!isFiniteNumber(x) || x < 0)
    throw badArgument(name, `${what} as a finite number ≥ 0`, shown(x));
}

/** Throws unless `x` is in [0, 1]. */
export function checkFraction(name: string, what: string, x: number): void {
  if (!isFiniteNumber(x) || x < 0 || x > 1) throw badArgument(name, `${what} in [0, 1]`, shown(x));
}

/** Whether these are weights: finite values that are not negative, as many as wanted. */
export function areWeights(list: readonly number[], count: number): boolean {
  return (
    (Array.isArray(list) || ArrayBuffer.isView(list)) &&
    list.length === count &&
    [...list].every((w) => isFiniteNumber(w) && w >= 0)
  );
}
