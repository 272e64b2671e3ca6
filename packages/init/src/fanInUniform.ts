import type { Init, Shape } from "@tenon/contracts";
import { nothing } from "@tenon/guards";
import { initializer } from "./internal/initializer.js";
import { scaled, uniform } from "./internal/scaled.js";

/**
 * Uniform in ±1/√fan_in, what PyTorch's Linear and Conv2d start with: the kernel by its own fan_in,
 * a bias by that of the kernel beside it.
 *
 * `dense(10, { kernelInit: fanInUniform(), biasInit: fanInUniform() })`. A layer asks a bias' init
 * for that of its kernel (`forKernel`); alone, a vector of n counts n inputs.
 *
 * PyTorch calls it `kaiming_uniform_(a=√5)`.
 */
export function fanInUniform(): Init {
  nothing("fanInUniform", arguments);
  const fill = scaled(Math.sqrt(1 / 3), "fanIn", uniform);
  const description = { type: "fanInUniform" };
  return Object.assign(initializer(description, fill), {
    forKernel: (kernel: Shape): Init =>
      initializer(description, (values, _, rng) => fill(values, kernel, rng)),
  });
}
