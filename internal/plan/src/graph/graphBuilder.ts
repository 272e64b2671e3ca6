import { topological, type Tensor } from "@tenon/tensor";
import { identities } from "../rewrite/identities.js";
import type { RewriteRule } from "../rewrite/rule.js";
import { foldedNode } from "./folding.js";
import type { Node } from "./node.js";
import { nodeBuilder, type NodeBuilder } from "./nodeBuilder.js";
import { isElementwise, isReduction, isView } from "./opTraits.js";
import { constantNode, matmulNode, reshapeNode, scheduleNodes } from "./structural.js";

export interface GraphBuilder extends Pick<NodeBuilder, "stored" | "copied"> {
  /** The node of each tensor, after those of all that it is computed from. */
  nodesOf(tensors: readonly Tensor[]): Node[];
  /** Makes a tensor the words that kernels write to when values are not finite. */
  guard(flag: Tensor): Node;
}

/** Turns traces into the planner's graph, rewritten by the identities and by these rules. */
export function graphBuilder(rules: readonly RewriteRule[]): GraphBuilder {
  const nodes = new Map<Tensor, Node>();
  const builder = nodeBuilder();
  const rulesOf = new Map<string, RewriteRule[]>();
  for (const rule of [...identities, ...rules])
    rulesOf.set(rule.root, [...(rulesOf.get(rule.root) ?? []), rule]);
  const scheduleNode = scheduleNodes(builder);

  /** The node of an operation after folding and rewriting. */
  const rewritten = (tensor: Tensor, inputs: readonly Node[]): Node => {
    const { op, shape, dtype, attrs } = tensor;
    const folded = foldedNode(builder, tensor, inputs);
    if (folded) return folded;
    const proposal = { op: op.name, inputs, shape, dtype, attrs };
    for (const rule of rulesOf.get(op.name) ?? []) {
      const node = rule.apply(proposal, builder);
      if (node) return node;
    }
    return builder.node(op.name, inputs, shape, dtype, attrs);
  };

  const nodeOf = (tensor: Tensor): Node => {
    const inputs = tensor.inputs.map((x) => nodes.get(x)!);
    const { op, shape, dtype, attrs } = tensor;
    switch (op.name) {
      case "input":
        return builder.node(op.name, [], shape, dtype, attrs, true);
      case "constant":
        return constantNode(builder, tensor);
      case "schedule":
        return scheduleNode(tensor, inputs);
      case "detach":
        return inputs[0]!;
      case "allFinite":
        return builder.node(op.name, inputs, shape, dtype);
      case "reshape":
        return reshapeNode(builder, inputs[0]!, shape);
      case "matmul":
        return matmulNode(builder, tensor, inputs);
    }
    const readsViews = isView(op.name) || isElementwise(op.name) || isReduction(op.name);
    return rewritten(tensor, readsViews ? inputs : inputs.map(builder.stored));
  };

  return {
    nodesOf(tensors) {
      for (const tensor of topological(tensors, (x) => nodes.has(x)))
        nodes.set(tensor, nodeOf(tensor));
      return tensors.map((tensor) => nodes.get(tensor)!);
    },
    stored: builder.stored,
    copied: builder.copied,
    guard(flag) {
      const words = builder.node("guard", [], flag.shape, flag.dtype, undefined, true);
      nodes.set(flag, words);
      return words;
    },
  };
}
