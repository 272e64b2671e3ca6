import type { Init, Layer } from "@tenon/contracts";
import { known } from "@tenon/guards";
import { zeros } from "@tenon/init";
import {
  dilation2d as dilate,
  checkPadding,
  pairOf,
  type Dilation2dOptions as DilateOptions,
  type Pair,
  type Tensor,
} from "@tenon/tensor";
import { checkImage } from "./internal/check.js";
import { convolution } from "./internal/convolution.js";
import { weightsOf } from "./internal/weights.js";

/** `strides`, `padding` and `dilation` as the tensor operation has them. */
export interface Dilation2dOptions extends DilateOptions {
  /** Initial values of the kernel; zeros make a `maxPool2d`. @defaultValue zeros() */
  readonly kernelInit?: Init;
}

/**
 * A pooling that learns its window's form, morphological dilation: y[i, j, c] = max over k, l of
 * x[i·s + k·d − p, j·s + l·d − p, c] + w[k, l, c].
 *
 * `[height, width, channels]` becomes `[height′, width′, channels]`. Parameter: `kernel` [rows,
 * columns, channels]. TensorFlow `nn.dilation2d`.
 *
 * @param kernelSize one number for both directions, or [rows, columns]
 */
export function dilation2d(kernelSize: Pair, options: Dilation2dOptions = {}): Layer<Tensor> {
  const { kernelInit = zeros(), ...how } = known(
    "dilation2d",
    options,
    "kernelInit strides padding dilation",
  );
  const size = pairOf("dilation2d", "kernelSize", kernelSize);
  for (const option of ["strides", "dilation"] as const)
    if (how[option] !== undefined) pairOf("dilation2d", option, how[option]);
  if (how.padding !== undefined) checkPadding("dilation2d", how.padding);
  return convolution({
    type: "dilation2d",
    args: [kernelSize, options],
    weights: weightsOf("dilation2d", { useBias: false, kernelInit, biasInit: undefined }),
    check: (input) => checkImage("dilation2d", input),
    kernel: (channels) => [...size, channels],
    apply: (x, kernel) => dilate(x, kernel, how),
  });
}
