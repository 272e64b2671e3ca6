import { topological, type Tensor } from "@tenon/tensor";
import { flagOf } from "./transaction.js";

/** A step all of whose new state is kept, or none of it. */
export interface Selection {
  /** Whether it is kept. */
  readonly flag: Tensor;
  /** The new state as it is where it is kept. */
  readonly next: readonly Tensor[];
}

/**
 * The selection of a step all of whose state is `where(flag, after, before)` of one flag,
 * `allFinite(…)`, or that flag itself, and nothing else depends on it; undefined for any other
 * step.
 */
export function selectionOf(
  before: readonly Tensor[],
  after: readonly Tensor[],
  outputs: readonly Tensor[],
): Selection | undefined {
  const flags = new Set(
    after.flatMap((x, i) => {
      if (x === before[i]) return [];
      return [x.op.name === "allFinite" ? x : flagOf(x, before[i])];
    }),
  );
  const [flag] = flags;
  if (flags.size !== 1 || flag?.op.name !== "allFinite") return undefined;
  const next = after.map((x, i) => (x === before[i] || x === flag ? x : x.inputs[1]!));
  const others = [...next, ...flag.inputs, ...outputs].filter((x) => x !== flag);
  return topological(others).includes(flag) ? undefined : { flag, next };
}
