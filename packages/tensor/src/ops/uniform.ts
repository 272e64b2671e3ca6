import type { Shape } from "@tenon/contracts";
import { badArgument } from "@tenon/guards";
import { uniformAt } from "@tenon/random";
import { checkShape, show, sizeOf } from "../shapes.js";
import { checkInteger, checkTensor } from "../internal/guards.js";
import { makeNode } from "../internal/makeNode.js";
import type { Op } from "../op.js";
import type { Tensor } from "../tensor.js";

export interface UniformAttrs {
  /** Distinguishes the draws of one step (int32). */
  readonly stream: number;
}

const uniformOp: Op<UniformAttrs> = {
  name: "uniform",
  gradient: () => [],
  evaluate: (node, [seed, step], out) =>
    out.set(uniformAt(seed!.data[0]!, step!.data[0]!, node.attrs.stream, out.length)),
};

/**
 * Random numbers uniform in [0, 1), a function of (seed, step, stream, index): Threefry-2×32 with
 * key (seed, step) and counter (index, stream).
 *
 * @param seed int32 scalar
 * @param step int32 scalar
 * @see Salmon et al. (2011), Parallel random numbers: as easy as 1, 2, 3
 */
export function uniform(shape: Shape, seed: Tensor, step: Tensor, stream = 0): Tensor {
  checkShape("uniform", shape);
  for (const scalar of [seed, step]) {
    checkTensor("uniform", scalar, "seed and step as int32 scalars");
    if (scalar.shape.length > 0 || scalar.dtype !== "int32")
      throw badArgument(
        "uniform",
        "seed and step as int32 scalars",
        `${scalar.dtype} ${show(scalar.shape)}`,
      );
  }
  checkInteger("uniform", "stream", stream);
  return makeNode(uniformOp, [seed, step], [sizeOf(shape)], "float32", {
    stream,
  } satisfies UniformAttrs).reshape(shape);
}
