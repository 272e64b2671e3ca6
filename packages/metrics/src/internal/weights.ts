import type { NDArray, Shape } from "@tenon/contracts";
import { badArgument, sizeOf } from "@tenon/guards";
import { checkArrays, isStart, show } from "./check.js";

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
  const each = sizeOf(shape) / data.length;
  if (!isStart(weights.shape, shape))
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
