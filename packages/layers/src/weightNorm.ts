import type { Init, Layer, ParamSpec, Shape } from "@tenon/contracts";
import { badArgument, known, shown } from "@tenon/guards";
import { norm, type Tensor } from "@tenon/tensor";
import { checkLayer, param } from "./internal/check.js";
import { reparametrized } from "./internal/reparametrized.js";

export interface WeightNormOptions {
  /**
   * A length for each output (the kernel's last axis), or one for the whole kernel. @defaultValue
   * "output"
   */
  readonly per?: "output" | "kernel";
}

/**
 * Learns the length and the direction of a layer's kernel separately: w = g · v / ‖v‖.
 *
 * `v`, of the same shape, and `g`, one length for each output, replace the layer's `kernel`; its
 * other parameters stay. `v` starts as the layer's kernel would. A parameter is drawn from its own
 * path alone and does not depend on another's values, so `g` starts as the lengths of a second,
 * independent draw of the same init: where lengths are certain (constant, orthogonal, identity)
 * exactly ‖v‖; for a normal init, where length and direction are independent, w is distributed
 * exactly as the layer's own kernel. PyTorch `parametrizations.weight_norm`.
 *
 * Salimans & Kingma (2016), Weight normalization, eq. 2. arXiv:1602.07868
 *
 * @param layer one with a parameter called `kernel`, such as dense or conv2d
 * @throws in `plan`, if the layer has no `kernel`
 */
export function weightNorm(layer: Layer<Tensor>, options: WeightNormOptions = {}): Layer<Tensor> {
  const { per = "output" } = known("weightNorm", options, "per");
  checkLayer("weightNorm", layer);
  if (per !== "output" && per !== "kernel")
    throw badArgument("weightNorm", 'per "output" or "kernel"', shown(per));
  return reparametrized("weightNorm", layer, [options], {
    params(kernel) {
      const each = per === "output" ? kernel.shape.slice(-1) : [];
      return {
        g: { shape: each, init: lengths(kernel) },
        v: { shape: kernel.shape, init: directions(kernel.init, each) },
      };
    },
    kernel(pass) {
      const v = param("weightNorm", pass, "v");
      const g = param("weightNorm", pass, "g");
      const axes = v.shape.map((_, i) => i).slice(0, per === "output" ? -1 : undefined);
      return v.mul(g.div(norm(v, axes)));
    },
  });
}

/** The lengths of what an init draws: one for each output, or one in all. */
function lengths({ shape: full, init }: ParamSpec): Init {
  return (shape, rng) => Float32Array.from(norms(init(full, rng), shape));
}

/** An init whose draw has a direction: one without length would make 0 / 0. */
function directions(init: Init, each: Shape): Init {
  return (shape, rng) => {
    const v = init(shape, rng);
    if (norms(v, each).some((length) => length === 0))
      throw badArgument(
        "weightNorm",
        "a kernel init that gives each output a direction",
        "one that leaves an output all zeros",
        "use glorotUniform() or another random one",
      );
    return v;
  };
}

function norms(kernel: Float32Array, [outputs = 1]: Shape): Float64Array {
  const squares = new Float64Array(outputs);
  kernel.forEach((w, i) => {
    squares[i % squares.length]! += w * w;
  });
  return squares.map(Math.sqrt);
}
