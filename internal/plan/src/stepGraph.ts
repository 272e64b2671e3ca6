import type { ArraySpec, NDArray, StepFunction, Tree } from "@tenon/contracts";
import { leaves, traceOf, type Tensor } from "@tenon/tensor";
import type { Backend, PlannedKernel } from "./backend.js";
import { access } from "./graph/access.js";
import { graphBuilder, type GraphBuilder } from "./graph/graphBuilder.js";
import type { Node } from "./graph/node.js";
import { isLeaf } from "./graph/opTraits.js";
import type { StepGraph } from "./plan.js";

/** A traced step as the planner's graph, with what the caller's side needs. */
export interface TracedStep {
  /** The placeholders of the inputs. */
  readonly inputs: Tree<Tensor>;
  readonly outputs: Tree<Tensor>;
  readonly graph: StepGraph;
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
  backend: Pick<Backend<K>, "rules" | "scans" | "undo" | "selection">,
): TracedStep {
  const { stateIn, inputsIn, stateOut: newTensors, outputs } = traceOf(step, start, inputs);
  const { undo, selection: selectionOf } = backend;
  const builder = graphBuilder(backend);
  const oldTensors = tensorsOf(stateIn);
  const outputTensors = tensorsOf(outputs);
  const before = builder.nodesOf(oldTensors);
  const guard = undo?.guarding(builder, oldTensors, newTensors, outputTensors);
  const inputNodes = builder.nodesOf(tensorsOf(inputsIn));
  const selection = selectionOf?.(oldTensors, newTensors, outputTensors);
  const next = guard?.next ?? selection?.next ?? newTensors;
  const after = newValues(builder, before, next);
  const isNew = new Set(selection && after);
  const outputNodes = builder
    .nodesOf(outputTensors)
    .map((x) => (x === guard?.words ? x : computedNode(builder, x)))
    // Where new state is kept depends on the step.
    .map((x) => (isNew.has(access(x).base) && x.op !== "allFinite" ? builder.copied(x) : x));
  const flag = selection && builder.nodesOf([selection.flag])[0]!;
  const changes = before.map((x, i) => ({ before: x, after: after[i]! }));
  const guarded = guard?.guarded(changes);
  if (guarded) outputNodes.push(guarded.first);
  const graph = { changes, outputs: outputNodes, inputs: inputNodes, flag, guarded };
  return { inputs: inputsIn, outputs, graph };
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
