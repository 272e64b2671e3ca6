import { wholeOf, type Buffer, type Step } from "@tenon/plan";
import type { Kernel } from "./kernels/kernel.js";

/** How a step uses an array. */
export type Use = "reads" | "writes" | "clears";

/** How a step uses each of its operands; of a part of an array it counts as using all of it. */
export const usesOf = ({
  operands,
  writes,
  kernel,
}: Step<Kernel>): readonly (readonly [Buffer, Use])[] =>
  operands.map((buffer, i) => [
    wholeOf(buffer).of,
    i === kernel.clears ? "clears" : writes.includes(i) ? "writes" : "reads",
  ]);

/**
 * For each step those before it that it has to wait for. Steps that only clear words of an array do
 * not wait for each other.
 *
 * @param afterChecks whether what comes behind a step that may fail waits for it
 */
export function predecessorsOf(
  steps: readonly Step<Kernel>[],
  afterChecks: boolean,
): ReadonlySet<number>[] {
  /** The uses of each array since it was last written. */
  const uses = new Map<Buffer, (readonly [step: number, use: Use])[]>();
  const failing: number[] = [];
  return steps.map((step, i) => {
    const before = new Set(failing);
    for (const [buffer, use] of usesOf(step)) {
      const earlier = uses.get(buffer) ?? [];
      for (const [k, other] of earlier)
        if (k !== i && (other !== use || use === "writes")) before.add(k);
      uses.set(buffer, use === "writes" ? [[i, use]] : [...earlier, [i, use]]);
    }
    if (afterChecks && step.kernel.mayFail) failing.push(i);
    return before;
  });
}
