import { badArgument, shown } from "@tenon/guards";
import { average, total, type Tensor } from "@tenon/tensor";
import type { Reduction } from "../reduction.js";

/** `count` is what a mean divides by, if not by how many there are. */
export function reduce(
  name: string,
  losses: Tensor,
  reduction: Reduction = "mean",
  count?: Tensor,
): Tensor {
  if (reduction === "mean") return count ? average(losses.sum(), count) : losses.mean();
  if (reduction === "sum") return total(losses.sum());
  if (reduction === "none") return losses;
  throw badArgument(name, 'reduction "mean", "sum" or "none"', shown(reduction));
}
