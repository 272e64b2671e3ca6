import type { Tree } from "@tenon/contracts";
import { badArgument, shown } from "@tenon/guards";
import { checkTensor } from "./internal/guards.js";
import { pullBack } from "./internal/pullBack.js";
import { show } from "./shapes.js";
import { ones, zeros } from "./ops/leaf.js";
import type { Tensor } from "./tensor.js";
import { leaves, mapLeaves } from "./tree.js";

/**
 * The gradients of a scalar with respect to tensors it is made of: a graph in the same operations,
 * so it may be differentiated again. A tensor that the scalar does not depend on has gradient zero.
 *
 * ∂loss/∂x by reverse accumulation: each operation maps its output's gradient to those of its
 * inputs. Linnainmaa (1976), Taylor expansion of the accumulated rounding error.
 * doi:10.1007/BF01931367
 *
 * @param wrt a tensor, or a tree of them such as `state.params`; the result has the same form
 * @throws if `loss` is not a scalar, or it or a tensor of `wrt` is int32, through which no gradient
 *   flows
 */
export function gradients<P extends Tree<Tensor>>(loss: Tensor, wrt: P): P {
  checkTensor("gradients", loss, "a scalar loss");
  if (loss.dtype !== "float32")
    throw badArgument(
      "gradients",
      "a float32 loss",
      `${loss.dtype}, which has no gradient`,
      "make it of float32 tensors",
    );
  if (loss.shape.length > 0)
    throw badArgument(
      "gradients",
      "a scalar loss",
      `shape ${show(loss.shape)}`,
      "take its mean or sum",
    );
  if (typeof wrt !== "object" || wrt === null || ArrayBuffer.isView(wrt))
    throw badArgument("gradients", "a tensor, or tensors by name", shown(wrt));
  const targets = new Set(
    leaves<Tensor>(wrt).map(([path, x]) => {
      checkTensor("gradients", x, path ? `a tensor at "${path}"` : "a tensor");
      if (x.dtype !== "float32")
        throw badArgument(
          "gradients",
          "float32 tensors",
          `${x.dtype}${path ? ` at "${path}"` : ""}, which has no gradient`,
          "cast it before what is made of it",
        );
      return x;
    }),
  );
  const grads = pullBack(new Map([[loss, ones([])]]), targets);
  return mapLeaves(
    wrt as Tree<Tensor>,
    (x) => grads.get(x as Tensor) ?? zeros((x as Tensor).shape),
  ) as P;
}
