import type { Init, Layer } from "@tenon/contracts";
import { badArgument, known, shown } from "@tenon/guards";
import { constant } from "@tenon/init";
import { where, type Tensor } from "@tenon/tensor";
import { checkInits, guarded, param, show } from "./internal/check.js";
import { describe } from "./internal/describe.js";

export interface PreluOptions {
  /**
   * Which entries have slopes of their own: those of the last axis, those of an example (Keras), or
   * none. @defaultValue "channel"
   */
  readonly per?: "channel" | "entry" | "layer";
  /** Initial values of the slopes; Keras has 0. @defaultValue constant({ value: 0.25 }) */
  readonly alphaInit?: Init;
}

/**
 * A leaky relu that learns its slope: y = x for x > 0, α x otherwise. Keras and PyTorch `PReLU`.
 *
 * Parameter: `alpha` [channels], or of the example's shape, or [1].
 *
 * He et al. (2015), Delving deep into rectifiers, section 2.1. arXiv:1502.01852
 */
export function prelu(options: PreluOptions = {}): Layer<Tensor> {
  const { per = "channel", alphaInit = constant({ value: 0.25 }) } = known(
    "prelu",
    options,
    "per alphaInit",
  );
  checkInits("prelu", { alphaInit });
  if (per !== "channel" && per !== "entry" && per !== "layer")
    throw badArgument("prelu", 'per "channel", "entry" or "layer"', shown(per));
  return guarded({
    type: "prelu",
    plan(input) {
      if (per === "channel" && input.length === 0)
        throw badArgument("prelu", "a last axis of channels", show(input));
      return {
        output: input,
        params: {
          alpha: {
            shape: per === "entry" ? input : per === "layer" ? [1] : input.slice(-1),
            init: alphaInit,
          },
        },
        stats: {},
      };
    },
    forward: (x, pass) => where(x.greater(0), x, x.mul(param("prelu", pass, "alpha"))),
    toJSON: () => describe("prelu", options),
  });
}
