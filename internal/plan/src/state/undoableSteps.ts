import { sizeOf, type Tensor } from "@tenon/tensor";
import type { GraphBuilder } from "../graph/graphBuilder.js";
import type { Node } from "../graph/node.js";
import type { StateChange } from "../order.js";
import type { Plan } from "../plan.js";
import type { HostMemory } from "../plannedStep.js";
import { boundsOf } from "./bounds.js";
import { guardOf, uncheckedNodes, type Guarded } from "./guard.js";
import { transactionOf } from "./transaction.js";
import { undoing, type Undo, type Undoable } from "./undo.js";

/** How new values of state are checked as they are written, and old ones put back. */
export interface UndoableSteps<K> {
  /**
   * The same work, done only if the second word of the last but one operand is 0 (the values so far
   * are not calm) or the third word of the last operand is not: both are operands more. Such steps
   * keep old values.
   */
  unlessCalm(kernel: K): K;
  readonly guarding: typeof guarding;
  readonly uncheckedNodes: typeof uncheckedNodes;
  readonly guardOf: typeof guardOf;
  readonly undoOf: typeof undoOf;
}

export const undoableSteps = <K>(unlessCalm: (kernel: K) => K): UndoableSteps<K> => ({
  unlessCalm,
  guarding,
  uncheckedNodes,
  guardOf,
  undoOf,
});

/** What becomes of a step that changes all of its state or nothing, while its graph is made. */
interface Guarding {
  readonly words: Node;
  /** The new state. */
  readonly next: readonly Tensor[];
  guarded(changes: readonly StateChange[]): Guarded;
}

/** Undefined for a step of any other kind. */
function guarding(
  builder: GraphBuilder,
  before: readonly Tensor[],
  after: readonly Tensor[],
  outputs: readonly Tensor[],
): Guarding | undefined {
  const transaction = transactionOf(before, after, outputs);
  if (!transaction) return undefined;
  const words = builder.guard(transaction.flag);
  const [first] = builder.nodesOf([transaction.first]);
  return {
    words,
    next: transaction.next,
    guarded(changes) {
      const late = changes.filter((_, i) => transaction.late.has(after[i]!));
      const checkedFirst = new Set(builder.nodesOf(transaction.first.inputs));
      const bounds = boundsOf(changes, late, checkedFirst);
      const newValues = (steady: boolean): Node[] =>
        late.filter((change) => bounds.steady.has(change) === steady).map(({ after }) => after);
      const replaced = late.length > 0 ? changes.filter((x) => x.before !== x.after) : [];
      return {
        words,
        first: first!,
        checked: newValues(false),
        steady: newValues(true),
        states: replaced.map((x) => x.before),
        bounds,
      };
    },
  };
}

/** Ties the words and the states of a planned step to memory. */
function undoOf(
  { words, first, states, bounds }: Guarded,
  plan: Plan<unknown>,
  memory: HostMemory,
): Undo {
  const wordsOf = (x: Node): Int32Array => {
    const buffer = plan.bufferOf(x);
    return memory.array(buffer, "int32", buffer.bytes / 4) as Int32Array;
  };
  const valuesOf = (x: Node, buffer = plan.bufferOf(x)): Undoable => ({
    array: memory.array(buffer, x.dtype, sizeOf(x.shape)),
    notNegative: bounds.notNegative.has(x),
  });
  return undoing(
    wordsOf(words),
    wordsOf(first),
    plan.leaves.filter(({ op }) => op === "schedule").map((x) => valuesOf(x)),
    states.map((x, i) => ({ ...valuesOf(x), copy: valuesOf(x, plan.copies[i]).array })),
    bounds.tame,
  );
}
