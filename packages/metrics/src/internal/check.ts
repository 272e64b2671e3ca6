import type { NDArray, Shape } from "@tenon/contracts";
import { badArgument, isTyped, shown, sizeOf } from "@tenon/guards";

/** Whether the sizes are those of the first axes, but for axes of size 1 at the end. */
export function isStart(sizes: Shape, shape: Shape): boolean {
  return sizes.every((size, axis) => size === (shape[axis] ?? 1));
}

/** Whether both are the same, but for axes of size 1 at the end. */
const alike = (a: Shape, b: Shape): boolean => isStart(a, b) && isStart(b, a);

export function show(shape: Shape): string {
  return `[${shape.join(", ")}]`;
}

/** Throws unless these are arrays with their shapes. */
export function checkArrays(who: string, ...arrays: readonly (readonly [string, unknown])[]): void {
  for (const [what, array] of arrays) {
    const { shape, data } = (array ?? {}) as Partial<NDArray>;
    if (!Array.isArray(shape) || !isTyped(data))
      throw badArgument(who, `${what} as an array { shape, dtype, data }`, shown(array));
    if (sizeOf(shape as Shape) !== data!.length)
      throw badArgument(who, `${what} to fill ${show(shape as Shape)}`, data!.length);
  }
}

/** Throws unless both have the same shape, but for axes of size 1 at the end. */
export function checkSame(who: string, predictions: NDArray, targets: NDArray): void {
  checkArrays(who, ["predictions", predictions], ["targets", targets]);
  if (alike(predictions.shape, targets.shape)) return;
  throw badArgument(
    who,
    `targets of the predictions' shape ${show(predictions.shape)}`,
    show(targets.shape),
  );
}

/**
 * Whether targets are integer labels (true) or rows of a value for each class (false). Throws
 * where they are neither.
 */
export function areLabels(who: string, predictions: NDArray, targets: NDArray): boolean {
  checkArrays(who, ["predictions", predictions], ["targets", targets]);
  const { shape } = predictions;
  if (shape.length === 0 || shape.at(-1)! < 2) {
    throw badArgument(
      who,
      "predictions of shape […, classes] with 2 classes or more",
      show(shape),
      "use binaryAccuracy where one value decides",
    );
  }
  if (show(targets.shape) === show(shape)) return false;
  if (alike(targets.shape, shape.slice(0, -1))) return true;
  throw badArgument(
    who,
    `targets of shape ${show(shape.slice(0, -1))} (labels) or ${show(shape)} (one-hot) ` +
      `for predictions of ${show(shape)}`,
    show(targets.shape),
  );
}

export function checkLabel(who: string, label: number, classes: number, row: number): void {
  if (label >= 0 && label < classes && Number.isInteger(label)) return;
  throw badArgument(who, `labels to be whole numbers in [0, ${classes})`, `${label} at ${row}`);
}
