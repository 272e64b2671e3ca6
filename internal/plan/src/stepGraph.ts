import type { ArraySpec, NDArray, StepFunction, Tree } from "@tenon/contracts";
import { leaves, traceOf, type Tensor } from "@tenon/tensor";
import type { Backend, PlannedKernel } from "./backend.js";
import { access } from "./graph/access.js";
import { graphBuilder, type GraphBuilder } from "./graph/graphBuilder.js";
import type { Node } from "./graph/node.js";
import { isLeaf } from "./graph/opTraits.js";
import type { StateChange } from "./order.js";
import type { StepGraph } from "./plan.js";
import type { Bounds } from "./state/bounds.js";
import type { UndoableSteps } from "./state/undoableSteps.js";

/** A traced step as the planner's graph, with what the caller's side needs. */
export interface TracedStep {
  /** The placeholders of the inputs. */
  readonly inputs: Tree<Tensor>;
  readonly outputs: Tree<Tensor>;
  readonly graph: StepGraph;
  /** Of a step that can be undone: the bounds of the new values, and how it is. */
  readonly undo?: { readonly bounds: Bounds; readonly undoing: UndoableSteps<never>["undoing"] };
}

const tensorsOf = (tree: Tree<Tensor>): Tensor[] => leaves<Tensor>(tree).map(([, x]) => x);

/** Traces a step and turns the trace into a rewritten graph. */
export function traceStep<
  S extends Tree<NDArray>,
  I extends Tree<ArraySpec>,
  O extends Tree<Tensor>,
  K extends PlannedKernel,
>(
  step: StepFunction<Tensor, S, I, O>,
  start: S,
  inputs: I,
  { rules, undo, selection: selectionOf }: Pick<Backend<K>, "rules" | "undo" | "selection">,
): TracedStep {
  const { stateIn, inputsIn, stateOut: newTensors, outputs } = traceOf(step, start, inputs);
  const builder = graphBuilder(rules);
  const oldTensors = tensorsOf(stateIn);
  const outputTensors = tensorsOf(outputs);
  const before = builder.nodesOf(oldTensors);
  const transaction = undo?.transactionOf(oldTensors, newTensors, outputTensors);
  const words = transaction && builder.guard(transaction.flag);
  const first = transaction && builder.nodesOf([transaction.first])[0]!;
  const inputNodes = builder.nodesOf(tensorsOf(inputsIn));
  const selection = selectionOf?.(oldTensors, newTensors, outputTensors);
  const next = transaction?.next ?? selection?.next ?? newTensors;
  const after = newValues(builder, before, next);
  const isNew = new Set(selection && after);
  const outputNodes = builder
    .nodesOf(outputTensors)
    .map((x) => (x === words ? x : computedNode(builder, x)))
    // Where new state is kept depends on the step.
    .map((x) => (isNew.has(access(x).base) && x.op !== "allFinite" ? builder.copied(x) : x));
  const flag = selection && builder.nodesOf([selection.flag])[0]!;
  const changes = before.map((x, i) => ({ before: x, after: after[i]! }));
  const late = changes.filter((_, i) => transaction?.late.has(newTensors[i]!));
  const checkedFirst = new Set(builder.nodesOf(transaction?.first.inputs ?? []));
  const graph: StepGraph = { changes, outputs: outputNodes, inputs: inputNodes, flag };
  if (!undo || !words) return { inputs: inputsIn, outputs, graph };
  const bounds = undo.boundsOf(changes, late, checkedFirst);
  const guarded = { words, first: first!, ...guardedValues(changes, late, bounds) };
  outputNodes.push(guarded.first);
  const { undoing } = undo;
  return { inputs: inputsIn, outputs, graph: { ...graph, guarded }, undo: { bounds, undoing } };
}

/**
 * The node that a kernel stores for a value that leaves the step: it has a buffer that the step
 * itself writes, since a placeholder may be replaced meanwhile.
 */
function computedNode(builder: GraphBuilder, x: Node): Node {
  const stored = builder.stored(x);
  return isLeaf(access(stored).base.op) ? builder.copied(stored) : stored;
}

/** The nodes of a new state: a view cannot be written in place, nor can one value replace two. */
export function newValues(
  builder: GraphBuilder,
  before: readonly Node[],
  after: readonly Tensor[],
): Node[] {
  const used = new Set<Node>();
  return builder.nodesOf(after).map((x, i) => {
    if (x === before[i]) return x;
    const value = computedNode(builder, x);
    let result = access(value).base !== value ? builder.copied(value) : value;
    while (used.has(result)) result = builder.copied(result);
    used.add(result);
    return result;
  });
}

/** Which new values are checked when, and which old ones are kept. */
function guardedValues(
  changes: readonly StateChange[],
  late: readonly StateChange[],
  { steady }: Bounds,
): { readonly checked: Node[]; readonly steady: Node[]; readonly states: Node[] } {
  const replaced = late.length > 0 ? changes.filter(({ before, after }) => before !== after) : [];
  return {
    states: replaced.map(({ before }) => before),
    checked: late.filter((change) => !steady.has(change)).map(({ after }) => after),
    steady: late.filter((change) => steady.has(change)).map(({ after }) => after),
  };
}
