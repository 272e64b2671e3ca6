import { boundsOf } from "./bounds.js";
import { guardOf, oldValues, uncheckedNodes } from "./guard.js";
import { transactionOf } from "./transaction.js";
import { undoing } from "./undo.js";

/** How new values of state are checked as they are written, and old ones put back. */
export interface UndoableSteps<K> {
  /**
   * The same work, done only if the second word of the last but one operand is 0 (the values so far
   * are not calm) or the third word of the last operand is not: both are operands more. Such steps
   * keep old values.
   */
  unlessCalm(kernel: K): K;
  readonly transactionOf: typeof transactionOf;
  readonly boundsOf: typeof boundsOf;
  readonly uncheckedNodes: typeof uncheckedNodes;
  readonly guardOf: typeof guardOf;
  readonly oldValues: typeof oldValues;
  readonly undoing: typeof undoing;
}

export const undoableSteps = <K>(unlessCalm: (kernel: K) => K): UndoableSteps<K> => ({
  unlessCalm,
  transactionOf,
  boundsOf,
  uncheckedNodes,
  guardOf,
  oldValues,
  undoing,
});
