import type { Layer } from "@tenon/contracts";
import { badArgument, shown } from "@tenon/guards";
import type { Tensor } from "@tenon/tensor";
import { checkLayer } from "./internal/check.js";

/**
 * The same layer, whose plan says between which bounds its output lies, so that statistics count
 * the elements that are close to one of them: `bounded(activation("cubic", (x) => x.clamp(-1,
 * 1).pow(3)), -1, 1)`. A description in JSON is not changed.
 *
 * @param low the smallest value that it can give; −∞ if there is none, or none where units count as
 *   saturated, as relu6's 0
 * @param high the largest; ∞ likewise
 * @throws RangeError unless they are numbers and low < high, and one of them is finite
 */
export function bounded<L extends Layer<Tensor>>(layer: L, low: number, high: number): L {
  checkLayer("bounded", layer);
  const isNumber = [low, high].every((bound) => typeof bound === "number");
  if (!isNumber || !(low < high) || (low === -Infinity && high === Infinity))
    throw badArgument(
      "bounded",
      "bounds low < high, of which one may be infinite",
      `${shown(low)} and ${shown(high)}`,
    );
  return { ...layer, plan: (input) => ({ ...layer.plan(input), range: [low, high] }) };
}
