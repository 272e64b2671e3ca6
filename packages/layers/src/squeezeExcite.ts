import type { Layer } from "@tenon/contracts";
import { known } from "@tenon/guards";
import type { Tensor } from "@tenon/tensor";
import { dense } from "./dense.js";
import { globalAvgPool2d } from "./globalAvgPool2d.js";
import { checkCount, checkImage, checkLayer, guarded } from "./internal/check.js";
import { describe } from "./internal/describe.js";
import { planOf, planPart, through } from "./internal/parts.js";
import { relu } from "./relu.js";
import { sequential } from "./sequential.js";
import { sigmoid } from "./sigmoid.js";

export interface SqueezeExciteOptions {
  /** What is between the two dense layers. @defaultValue relu() */
  readonly activation?: Layer<Tensor>;
  /** What makes factors of the second one's outputs. @defaultValue sigmoid() */
  readonly gate?: Layer<Tensor>;
}

/**
 * Weighs the channels of an image by what is in all of it: y = x · gate(W₂ act(W₁ mean(x) + b₁) +
 * b₂), with one factor for each channel.
 *
 * Its part is called `"gate"`: a global mean, a dense layer of max(1, ⌊channels / ratio⌋) units,
 * one of as many as channels. torchvision `SqueezeExcitation`, timm `SEModule`.
 *
 * Hu, Shen & Sun (2018), Squeeze-and-excitation networks, section 3. arXiv:1709.01507
 *
 * @param ratio how many times fewer units are between the two. @defaultValue 16
 */
export function squeezeExcite(ratio = 16, options: SqueezeExciteOptions = {}): Layer<Tensor> {
  const { activation = relu(), gate = sigmoid() } = known(
    "squeezeExcite",
    options,
    "activation gate",
  );
  checkCount("squeezeExcite", "ratio", ratio);
  checkLayer("squeezeExcite", activation, " as activation");
  checkLayer("squeezeExcite", gate, " as gate");
  const factors = (channels: number): Layer<Tensor> =>
    sequential(
      globalAvgPool2d(),
      dense(Math.max(1, Math.floor(channels / ratio))),
      activation,
      dense(channels),
      gate,
    );
  return guarded({
    type: "squeezeExcite",
    plan(input) {
      checkImage("squeezeExcite", input);
      return planOf(input, [planPart("gate", factors(input[2]!), input)]);
    },
    forward(x, pass) {
      const [n, , , channels] = x.shape as [number, number, number, number];
      const each = through("gate", factors(channels), x, pass);
      return x.mul(each.reshape([n, 1, 1, channels]));
    },
    toJSON: () => describe("squeezeExcite", ratio, options),
  });
}
