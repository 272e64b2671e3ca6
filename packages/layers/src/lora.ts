import type { Layer, ParamSpec } from "@tenon/contracts";
import { known, positive } from "@tenon/guards";
import { fanInUniform, zeros } from "@tenon/init";
import type { Tensor } from "@tenon/tensor";
import { checkCount, checkLayer, guarded, param } from "./internal/check.js";
import { reparametrized } from "./internal/reparametrized.js";

export interface LoraOptions {
  /** How many columns `loraA` has. PEFT: `r`. @defaultValue 8 */
  readonly rank?: number;
  /** By what, over the rank, the product is multiplied. PEFT: `lora_alpha`. @defaultValue 8 */
  readonly alpha?: number;
}

/**
 * Adapts a trained layer by a product of two small matrices, which alone are trained: the kernel is
 * w + (alpha / rank) · A B.
 *
 * The layer's own parameters keep their names and are not trained. The others are `loraA`, of the
 * kernel's shape with `rank` outputs, uniform within ±1 / √inputs, and `loraB` [rank, outputs], 0
 * at the start, so that training begins with what the layer computed. `toPeft` and `fromPeft` of
 * `@tenon/formats` write and read them as PEFT's `LoraConfig` has them.
 *
 * Hu et al. (2021), LoRA: low-rank adaptation of large language models, section 4.1.
 * arXiv:2106.09685
 *
 * @param layer one with a parameter called `kernel`, such as dense or conv2d
 * @throws in `plan`, if the layer has no `kernel`, or is frozen: then nothing would be trained
 */
export function lora(layer: Layer<Tensor>, options: LoraOptions = {}): Layer<Tensor> {
  const { rank = 8, alpha = 8 } = known("lora", options, "rank alpha");
  checkLayer("lora", layer);
  checkCount("lora", "rank", rank);
  positive("lora", "alpha", alpha);
  const adapted = reparametrized("lora", layer, [options], {
    params: (kernel) => ({
      kernel,
      loraA: { shape: [...kernel.shape.slice(0, -1), rank], init: fanInUniform() },
      loraB: { shape: [rank, ...kernel.shape.slice(-1)], init: zeros() },
    }),
    kernel(pass) {
      const w = param("lora", pass, "kernel");
      const [a, b] = [param("lora", pass, "loraA"), param("lora", pass, "loraB")];
      const product = a.reshape([-1, rank]).matmul(b);
      return w.add(product.mul(alpha / rank).reshape(w.shape));
    },
  });
  return guarded({
    ...adapted,
    type: layer.type,
    plan(input) {
      const { params, ...rest } = adapted.plan(input);
      const trained = ([name, spec]: [string, ParamSpec]): [string, ParamSpec] =>
        name === "loraA" || name === "loraB" ? [name, spec] : [name, { ...spec, trained: false }];
      return { ...rest, params: Object.fromEntries(Object.entries(params).map(trained)) };
    },
  });
}
