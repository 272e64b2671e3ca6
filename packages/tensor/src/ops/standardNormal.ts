import type { Shape } from "@tenon/contracts";
import { inNameOf } from "@tenon/guards";
import type { Tensor } from "../tensor.js";
import { checkInteger, checkTensor } from "../internal/guards.js";
import { cos } from "./elementwise.js";
import { uniform } from "./uniform.js";

/**
 * Normal numbers of mean 0 and standard deviation 1, from two independent uniform ones in [0, 1):
 * √(−2 ln(1 − u)) · cos 2πv.
 *
 * Box & Muller (1958), A note on the generation of random normal deviates.
 */
export function boxMuller(u: Tensor, v: Tensor): Tensor {
  for (const x of [u, v]) checkTensor("boxMuller", x);
  const radius = u.neg().log1p().mul(-2).sqrt();
  return radius.mul(cos(v.mul(2 * Math.PI)));
}

/**
 * Normal numbers of mean 0 and standard deviation 1, a function of (seed, step, stream, index).
 * Their streams are not those of `uniform` from 0 on, so that they do not repeat a dropout's.
 *
 * @param seed int32 scalar
 * @param step int32 scalar
 * @param stream from 0 on
 */
export function standardNormal(shape: Shape, seed: Tensor, step: Tensor, stream = 0): Tensor {
  checkInteger("standardNormal", "stream", stream);
  const [u, v] = inNameOf("standardNormal", () =>
    [-1, -2].map((first) => uniform(shape, seed, step, first - 2 * stream)),
  );
  return boxMuller(u!, v!);
}
