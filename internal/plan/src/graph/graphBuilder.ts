import type { Scans } from "../scanSteps.js";
import { topological, type ConstantAttrs, type Tensor } from "@tenon/tensor";
import { identities } from "../rewrite/identities.js";
import type { RewriteRule } from "../rewrite/rule.js";
import { foldedNode } from "./folding.js";
import type { Node } from "./node.js";
import { nodeBuilder, type NodeBuilder } from "./nodeBuilder.js";
import { isElementwise, isReduction, isView } from "./opTraits.js";
import { matmulNode, reshapeNode } from "./structural.js";

export interface GraphBuilder extends Pick<NodeBuilder, "stored" | "copied"> {
  /** The node of each tensor, after those of all that it is computed from. */
  nodesOf(tensors: readonly Tensor[]): Node[];
  /** Makes placeholders arrays that are there, of a step within the step. */
  given(tensors: readonly Tensor[]): Node[];
  /** Makes a tensor the words that kernels write to when values are not finite. */
  guard(flag: Tensor): Node;
}

export interface GraphOptions {
  readonly rules: readonly RewriteRule[];
  readonly scans?: Pick<Scans, "nodeOf">;
}

/** Turns traces into the planner's graph, rewritten by the identities and by these rules. */
export function graphBuilder({ rules, scans }: GraphOptions): GraphBuilder {
  const nodes = new Map<Tensor, Node>();
  const builder = nodeBuilder();
  const rulesOf = new Map<string, RewriteRule[]>();
  for (const rule of [...identities, ...rules])
    rulesOf.set(rule.root, [...(rulesOf.get(rule.root) ?? []), rule]);

  const nodeOf = (tensor: Tensor, inputs: readonly Node[]): Node => {
    const { shape, dtype, attrs } = tensor;
    const op = tensor.op.name;
    const unique = (): Node => builder.node(op, inputs, shape, dtype, attrs, true);
    switch (op) {
      case "input":
        return unique();
      case "constant": {
        const { data } = attrs as ConstantAttrs;
        if (data.length !== 1) return unique();
        return builder.fill(shape, dtype, dtype === "float32" ? Math.fround(data[0]!) : data[0]!);
      }
      case "detach":
        return inputs[0]!;
      case "reshape":
        return reshapeNode(builder, inputs[0]!, shape);
      case "matmul":
        return matmulNode(builder, tensor, inputs);
    }
    const special = scans?.nodeOf(builder, tensor, inputs) ?? foldedNode(builder, tensor, inputs);
    if (special) return special;
    const readsViews = isView(op) || isElementwise(op) || isReduction(op) || op === "allFinite";
    const operands = readsViews ? inputs : inputs.map(builder.stored);
    for (const rule of rulesOf.get(op) ?? []) {
      const node = rule.apply({ op, inputs: operands, shape, dtype, attrs }, builder);
      if (node) return node;
    }
    return builder.node(op, operands, shape, dtype, attrs);
  };

  const leaf = (op: string, x: Tensor): Node => {
    const created = builder.node(op, [], x.shape, x.dtype, undefined, true);
    nodes.set(x, created);
    return created;
  };

  return {
    nodesOf(tensors) {
      for (const tensor of topological(tensors, (x) => nodes.has(x))) {
        const inputs = tensor.inputs.map((x) => nodes.get(x)!);
        nodes.set(tensor, nodeOf(tensor, inputs));
      }
      return tensors.map((tensor) => nodes.get(tensor)!);
    },
    stored: builder.stored,
    copied: builder.copied,
    given: (tensors) => tensors.map((x) => leaf("given", x)),
    guard: (flag) => leaf("guard", flag),
  };
}
