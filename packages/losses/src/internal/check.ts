import { badArgument, isFiniteNumber, shown } from "@tenon/guards";
import { checkTensor, sameShape, show, type Tensor } from "@tenon/tensor";

export { sameShape, show };

/**
 * Throws unless a tensor is of floats: int32 are labels, which other libraries' losses take first,
 * and of which the loss would be a number that means nothing.
 */
function checkFloats(name: string, x: Tensor, what: string): void {
  checkTensor(name, x, `${what} as a tensor`);
  if (x.dtype === "int32")
    throw badArgument(name, `${what} as float32`, shown(x), "give targets last");
}

/** Throws unless both are tensors, and the first one is of floats. */
export function checkTensors(name: string, predictions: Tensor, targets: Tensor): void {
  checkFloats(name, predictions, "predictions");
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

/** Throws unless all are tensors of one shape, and all but targets of floats. */
export function checkSameShapes(name: string, tensors: Readonly<Record<string, Tensor>>): void {
  for (const [what, x] of Object.entries(tensors))
    if (what === "targets") checkTensor(name, x, "targets as a tensor");
    else checkFloats(name, x, what);
  const shapes = Object.values(tensors).map(({ shape }) => shape);
  if (shapes.some((shape) => !sameShape(shape, shapes[0]!)))
    throw badArgument(
      name,
      `${Object.keys(tensors).join(", ")} of one shape`,
      shapes.map(show).join(", "),
      "reshape them",
    );
}

/** Throws unless the targets are a tensor of a shape. */
export function checkTargets(name: string, targets: Tensor, shape: readonly number[]): void {
  checkTensor(name, targets, "targets as a tensor");
  if (!sameShape(targets.shape, shape))
    throw badArgument(name, `targets of shape ${show(shape)}`, show(targets.shape));
}

/** Throws unless there is an int32 label for each list of classes; how many classes there are. */
export function checkLabels(name: string, scores: Tensor, labels: Tensor): number {
  checkTensors(name, scores, labels);
  const shape = scores.shape.slice(0, -1);
  if (scores.shape.length === 0 || !sameShape(labels.shape, shape) || labels.dtype !== "int32")
    throw badArgument(
      name,
      `targets as int32 labels ${show(shape)}, for scores ${show(scores.shape)}`,
      `${labels.dtype} ${show(labels.shape)}`,
    );
  return scores.shape[shape.length]!;
}

/** Throws unless there are no class weights, or one for each class. */
export function checkClassWeights(
  name: string,
  weights: readonly number[] | undefined,
  classes: number,
): void {
  if (weights !== undefined && !areWeights(weights, classes))
    throw badArgument(name, `${classes} classWeights, finite and ≥ 0`, shown(weights));
}

/** Throws unless a label to ignore is an integer. */
export function checkIgnoreIndex(name: string, ignoreIndex: number | undefined): void {
  if (ignoreIndex !== undefined && !Number.isInteger(ignoreIndex))
    throw badArgument(name, "ignoreIndex as an integer", shown(ignoreIndex));
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
