import { noOptions } from "@tenon/guards";
import { running } from "../internal/running.js";
import { checkTensor } from "../internal/guards.js";
import { axisOf } from "../shapes.js";
import type { Tensor } from "../tensor.js";
import { where } from "./elementwise.js";

/** yᵢ = Σ xₖ over k ≤ i, along an axis. */
export function cumsum(x: Tensor, axis: number): Tensor {
  noOptions("cumsum", arguments[2]);
  checkTensor("cumsum", x);
  return running(x, axisOf("cumsum", axis, x.shape.length), 0, (a, b) => a.add(b));
}

/** yᵢ = Π xₖ over k ≤ i, along an axis. */
export function cumprod(x: Tensor, axis: number): Tensor {
  noOptions("cumprod", arguments[2]);
  checkTensor("cumprod", x);
  return running(x, axisOf("cumprod", axis, x.shape.length), 1, (a, b) => a.mul(b));
}

/** yᵢ = log Σ exp xₖ over k ≤ i, along an axis, without overflow. */
export function logCumSumExp(x: Tensor, axis: number): Tensor {
  noOptions("logCumSumExp", arguments[2]);
  checkTensor("logCumSumExp", x);
  return running(
    x.cast("float32"),
    axisOf("logCumSumExp", axis, x.shape.length),
    -Infinity,
    (a, b) => {
      const top = a.maximum(b).detach();
      // An infinite maximum must not be subtracted. Where both are −∞ so is the sum, and all of
      // its gradient goes to the later one: a logarithm of 0 would make NaN of it.
      const none = top.equal(-Infinity);
      const finite = where(top.abs().equal(Infinity), 0, top);
      return where(
        none,
        a,
        where(none, 1, a.sub(finite).exp().add(b.sub(finite).exp()))
          .log()
          .add(finite),
      );
    },
  );
}
