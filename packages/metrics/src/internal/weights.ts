import type { NDArray, Shape } from "@tenon/contracts";
import { badArgument } from "@tenon/guards";
import { checkArrays, show } from "./check.js";

/** How much the example at index i counts. */
export type WeightAt = (i: number) => number;

/**
 * The weights of values of this shape: one for each index of its leading axes, which all values
 * under that index have; 1 where none are given.
 */
export function weightsOf(who: string, weights: NDArray | undefined, shape: Shape): WeightAt {
  if (weights === undefined) return () => 1;
  checkArrays(who, ["weights", weights]);
  const { data } = weights;
  const count = sizeOf(shape);
  const each = count / data.length;
  if (!isStart(weights.shape, shape) || (count > 0 && !Number.isInteger(each)))
    throw badArgument(
      who,
      `a weight for each example, such as [${shape[0] ?? ""}]`,
      `weights of ${show(weights.shape)} for ${show(shape)}`,
    );
  data.forEach((weight: number, i: number) => {
    if (!(weight >= 0 && weight < Infinity))
      throw badArgument(who, "finite weights ≥ 0", `${weight} at ${i}`);
  });
  return each === 1 ? (i) => data[i] : (i) => data[Math.floor(i / each)];
}

/** How many elements an array of this shape has. */
export function sizeOf(shape: Shape): number {
  return shape.reduce((product, size) => product * size, 1);
}

/** Whether the sizes are those of the first axes, but for axes of size 1 at the end. */
function isStart(sizes: Shape, shape: Shape): boolean {
  return sizes.every((size, axis) => size === (shape[axis] ?? 1));
}
