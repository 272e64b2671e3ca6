import type { Layer } from "@tenon/contracts";
import { badArgument, known, shown } from "@tenon/guards";
import type { Tensor } from "@tenon/tensor";
import { checkBetween } from "./internal/check.js";
import { dropped } from "./internal/noise.js";
import { noiseLayer } from "./internal/noiseLayer.js";

export interface StochasticDepthOptions {
  /** Whether each example has its own fate, or the whole batch one. @defaultValue "example" */
  readonly per?: "example" | "batch";
}

/**
 * While training, drops all of an example's values with probability `rate`, and divides them by 1 −
 * rate otherwise: at the end of a residual block's body it leaves the whole block out,
 * `residual([conv2d(…), …, stochasticDepth(0.1)])`.
 *
 * timm `DropPath`; torchvision `StochasticDepth`, whose modes are "row" and "batch".
 *
 * Huang et al. (2016), Deep networks with stochastic depth. arXiv:1603.09382
 *
 * @param rate in [0, 1)
 */
export function stochasticDepth(rate: number, options: StochasticDepthOptions = {}): Layer<Tensor> {
  const { per = "example" } = known("stochasticDepth", options, "per");
  checkBetween("stochasticDepth", "rate", rate, 0, 1);
  if (per !== "example" && per !== "batch")
    throw badArgument("stochasticDepth", 'per "example" or "batch"', shown(per));
  return noiseLayer("stochasticDepth", [rate, options], rate === 0, (x, pass) =>
    dropped(
      x,
      rate,
      pass,
      x.shape.map((n, i) => (i === 0 && per === "example" ? n : 1)),
    ),
  );
}
