import { sameShape, type Conv2dAttrs } from "@tenon/tensor";
import { access } from "../graph/access.js";
import type { Node } from "../graph/node.js";
import { argmaxOf, isNonOverlapping, poolSpecOf } from "../graph/pool.js";
import { reachable } from "../graph/walk.js";
import type { ConvSpec } from "../rewrite/unpool.js";

/** Operations that one kernel computes together, since they read the same operands. */
export interface SiblingGroup {
  /** The operation whose node leads the group: it is the first of the unit's results. */
  readonly anchor: string;
  /**
   * The other nodes of the group.
   *
   * @param graph all nodes, inputs first
   */
  members(anchor: Node, graph: readonly Node[]): Node[];
}

/** All results of a scan are computed by its steps. */
export const scanGroup: SiblingGroup = {
  anchor: "scan",
  members: (scan, graph) => graph.filter((x) => x.op === "scanResult" && x.inputs[0] === scan),
};

/**
 * The argmax indices of a max pool and the values at them, of its own image or of others, are found
 * in one pass over the windows.
 */
export const maxPoolGroup: SiblingGroup = {
  anchor: "argMaxPool2d",
  members: (argmax, graph) =>
    graph.filter(
      (x) => x.op === "gatherPool2d" && argmaxOf(x) === argmax && isGatheredBy(argmax, x),
    ),
};

/** Whether the pass of a max pool can read the image that a `gatherPool2d` reads. */
function isGatheredBy(argmax: Node, x: Node): boolean {
  const image = argmax.inputs[0]!;
  const { base } = access(x.inputs[0]!);
  if (base === access(image).base) return true;
  return (
    isNonOverlapping(poolSpecOf(argmax)) &&
    sameShape(base.shape, image.shape) &&
    base.dtype === "float32" &&
    !reachable([base]).includes(argmax)
  );
}

/**
 * Both gradients of a convolution, where one kernel computes them faster, unless one is computed
 * from the other.
 */
export const convGradientsGroup = (pays: (conv: ConvSpec) => boolean): SiblingGroup => ({
  anchor: "conv2dInput",
  members(dx, graph) {
    const [grad, w] = dx.inputs as [Node, Node];
    if (!pays({ x: dx.shape, w: w.shape, attrs: dx.attrs as Conv2dAttrs })) return [];
    const dw = graph.find(
      (x) =>
        x.op === "conv2dFilter" &&
        x.inputs[1] === grad &&
        x.attrs === dx.attrs &&
        sameShape(x.shape, w.shape) &&
        sameShape(x.inputs[0]!.shape, dx.shape),
    );
    const independent = dw && !reachable([dw]).includes(dx) && !reachable([dx]).includes(dw);
    return independent ? [dw] : [];
  },
});
