import { nothing } from "@tenon/guards";
import { tensor, where, type Tensor } from "@tenon/tensor";
import type { Activation } from "./activation.js";
import { elementwise } from "./internal/elementwise.js";

/**
 * x − tanh x = x³ Σ cₖ x²ᵏ (Abramowitz & Stegun 4.5.64); for |x| < ½ the next term is 10⁻¹³ of the
 * sum.
 */
const series = /* @__PURE__ */ (() => [
  1 / 3,
  -2 / 15,
  17 / 315,
  -62 / 2835,
  1382 / 155925,
  -21844 / 6081075,
  929569 / 638512875,
  -6404582 / 10854718875,
  443861162 / 1856156927625,
  -18888466084 / 194896477400625,
  113927491862 / 2900518163668125,
  -58870668456604 / 3698160658676859375,
  8374643517010684 / 1298054391195577640625,
])();

/**
 * y = x − tanh x; near zero, where that would cancel, by its series. Keras `tanh_shrink`, PyTorch
 * `Tanhshrink`.
 */
export function tanhShrink(): Activation {
  nothing("tanhShrink", arguments);
  return elementwise("tanhShrink", (x: Tensor) => {
    const near = x.abs().less(0.5);
    const small = where(near, x, 0);
    const z = small.square();
    const sum = series.reduceRight((total: Tensor, c) => total.mul(z).add(c), tensor(0));
    return where(near, small.mul(z).mul(sum), x.sub(x.tanh()));
  });
}
