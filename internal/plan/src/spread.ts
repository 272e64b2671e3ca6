import type { PlannedKernel, Step } from "./backend.js";
import { wholeOf, type Buffer } from "./memory.js";
import { isStep, type Entry } from "./repeated.js";

/** What a step does with a buffer. `mark`: sets words to 0, as others may do at the same time. */
export type Use = "read" | "write" | "mark";

/** The buffers that a step has as operands, and what it does with each. */
export const usesBy = <K>({
  operands,
  writes,
}: Pick<Entry<K>, "operands" | "writes">): (readonly [buffer: Buffer, use: Use])[] =>
  operands.map((operand, i) => {
    const { of } = wholeOf(operand);
    if (!writes.includes(i)) return [of, "read"];
    // A step without another operand sets them to 1.
    return [of, of.words && operands.length > 1 ? "mark" : "write"];
  });

/** Whether two uses of the same place must stay in their order. */
export const inOrder = (a: Use, b: Use): boolean => a !== b || a === "write";

/** Floating-point operations that take as long as to begin a step. */
const startFlops = 16_384;
/** The share of a step's time in which one thread may still do its last work items. */
const tail = 1 / 4;

/**
 * Steps in an order in which as few as possible use what the one before them writes, so that a
 * thread that finds no more work in a step goes on with the next one instead of waiting for others:
 * steps of networks beside each other by turns, updates of parameters between those of gradients.
 * Otherwise the order stays.
 *
 * @param isFixed whether all other steps stay before or behind one with this kernel
 */
export function spread<K extends PlannedKernel>(
  entries: readonly Entry<K>[],
  isFixed: (kernel: K) => boolean,
): Entry<K>[] {
  const result: Entry<K>[] = [];
  let steps: Step<K>[] = [];
  for (const entry of entries) {
    if (isStep(entry) && !isFixed(entry.kernel)) steps.push(entry);
    else {
      result.push(...byTurns(steps), entry);
      steps = [];
    }
  }
  return [...result, ...byTurns(steps)];
}

/** The first step, in the order that there was, of those that need not wait; and so on. */
function byTurns<K extends PlannedKernel>(steps: readonly Step<K>[]): Step<K>[] {
  const followers = followersOf(steps);
  const missing = steps.map(() => 0);
  for (const list of followers) for (const i of list) missing[i]!++;
  /** When the steps before each of them are done. */
  const ready = steps.map(() => 0);
  const next = [...steps.keys()].filter((i) => missing[i] === 0);
  const result: Step<K>[] = [];
  for (let time = 0; next.length > 0;) {
    const soonest = Math.max(time, Math.min(...next.map((i) => ready[i]!)));
    const at = next.findIndex((i) => ready[i]! <= soonest);
    const [i] = next.splice(at, 1) as [number];
    result.push(steps[i]!);
    const work = startFlops + steps[i]!.kernel.flops;
    time = soonest + work;
    for (const follower of followers[i]!) {
      ready[follower] = Math.max(ready[follower]!, time + tail * work);
      if (--missing[follower]! === 0) next.push(follower);
    }
    next.sort((a, b) => a - b);
  }
  return result;
}

/** Of each step those that must come after it. */
function followersOf<K>(steps: readonly Step<K>[]): Set<number>[] {
  const followers = steps.map(() => new Set<number>());
  const earlier = new Map<Buffer, { readonly step: number; readonly use: Use }[]>();
  steps.forEach((entry, step) => {
    for (const [buffer, use] of usesBy(entry)) {
      const before = earlier.get(buffer) ?? [];
      for (const other of before)
        if (other.step !== step && inOrder(other.use, use)) followers[other.step]!.add(step);
      // What comes before a write also comes before all that follows it.
      earlier.set(buffer, [...(use === "write" ? [] : before), { step, use }]);
    }
  });
  return followers;
}
