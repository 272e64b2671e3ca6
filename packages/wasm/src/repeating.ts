import { wholeOf, type Buffer, type Plan } from "@tenon/plan";
import type { Kernel } from "./kernels/kernel.js";
import { groupsOf } from "./threads/groups.js";

/**
 * Calls `call` for each step in the order in which they run, within `repeat` for those that are
 * repeated, with what `repeat` gives it.
 */
export type InOrder = <T>(
  steps: Plan<Kernel>["steps"],
  call: (step: number, time?: T) => void,
  repeat: (times: number, body: (time: T) => void) => void,
) => void;

/** What an engine needs besides for steps that are repeated. */
export interface Repeating {
  readonly inOrder: InOrder;
  /** By how many bytes an operand moves on with each repetition. */
  readonly movedBy: (operand: Buffer) => number;
}

export const repeating: Repeating = {
  inOrder(steps, call, repeat) {
    let i = 0;
    for (const { members, repetition } of groupsOf(steps)) {
      const first = i;
      i += members.length;
      const callAll = (time?: Parameters<typeof call>[1]): void =>
        members.forEach((_, k) => call(first + k, time));
      if (repetition) repeat(repetition.times, callAll);
      else callAll();
    }
  },
  movedBy: (operand) => wholeOf(operand).by,
};

/** The same of steps that all run once. */
export const once: Repeating = {
  inOrder: (steps, call) => steps.forEach((_, i) => call(i)),
  movedBy: () => 0,
};
