import type { NodeBuilder } from "../graph/nodeBuilder.js";
import type { Node } from "../graph/node.js";

/** What a node is about to be. */
export type Proposal = Omit<Node, "id">;

/**
 * A rewrite rule: applied to each node of the operation `root` when it is about to be created, its
 * inputs being there and contiguous if a kernel reads them. Gives the node to use instead, or
 * undefined to leave it as it is. It must compute the same values, to the bit unless it says why
 * not.
 */
export interface RewriteRule {
  readonly root: string;
  apply(proposal: Proposal, builder: NodeBuilder): Node | undefined;
}
