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
 * Steps in as few groups as can be that run one after the other, while those of a group may run at
 * the same time: each as late as the steps allow that wait for it. Steps that only clear words of an
 * array do not wait for each other. What comes behind a step that may fail waits for it, so that no
 * state is replaced before all indices are checked.
 */
export function groupsOf(steps: readonly Step<Kernel>[]): Step<Kernel>[][] {
  const before = predecessorsOf(steps);
  const earliest: number[] = [];
  steps.forEach((_, i) => {
    earliest[i] = 1 + Math.max(-1, ...[...before[i]!].map((k) => earliest[k]!));
  });
  const count = 1 + Math.max(-1, ...earliest);
  const latest = steps.map(() => count - 1);
  for (let i = steps.length - 1; i >= 0; i--)
    for (const k of before[i]!) latest[k] = Math.min(latest[k]!, latest[i]! - 1);
  const groups: Step<Kernel>[][] = Array.from({ length: count }, () => []);
  steps.forEach((step, i) => groups[latest[i]!]!.push(step));
  return groups;
}

/** For each step those before it that it has to wait for. */
function predecessorsOf(steps: readonly Step<Kernel>[]): ReadonlySet<number>[] {
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
    if (step.kernel.mayFail) failing.push(i);
    return before;
  });
}
