import type { Layer } from "@tenon/contracts";
import { badArgument, known } from "@tenon/guards";
import { avgPool2d, type Tensor } from "@tenon/tensor";
import { checkCount, checkFinite, show, sizeOf } from "./internal/check.js";
import { map } from "./internal/map.js";

export interface LocalResponseNormOptions {
  /** @defaultValue 1e-4 */
  readonly alpha?: number;
  /** @defaultValue 0.75 */
  readonly beta?: number;
  /** @defaultValue 1 */
  readonly k?: number;
}

/**
 * Divides each value by what its neighbours in the channels are: y = x / (k + α/n · Σ x²)^β, the
 * sum over n channels around it.
 *
 * Works on the last axis; beyond the first and the last channel are zeros. PyTorch
 * `LocalResponseNorm`; TensorFlow's α is PyTorch's α / n.
 *
 * Krizhevsky, Sutskever & Hinton (2012), ImageNet classification with deep convolutional neural
 * networks, section 3.3. NeurIPS 25
 *
 * @param size n, how many channels
 */
export function localResponseNorm(
  size: number,
  options: LocalResponseNormOptions = {},
): Layer<Tensor> {
  const name = "localResponseNorm";
  const { alpha = 1e-4, beta = 0.75, k = 1 } = known(name, options, "alpha beta k");
  checkCount(name, "size", size);
  for (const [what, value] of Object.entries({ alpha, beta, k })) checkFinite(name, what, value);
  const before = Math.floor(size / 2);
  return map(
    name,
    [size, options],
    (x) => {
      const channels = x.shape[x.shape.length - 1]!;
      const rows = sizeOf(x.shape.slice(1, -1));
      // The channels of each position as an image of one row and one channel.
      const squares = x.square().reshape([x.shape[0]! * rows, 1, channels, 1]);
      const mean = avgPool2d(squares, [1, size], {
        strides: 1,
        padding: [
          [0, 0],
          [before, size - 1 - before],
        ],
        countPadding: true,
      });
      return x.div(mean.reshape(x.shape).mul(alpha).add(k).pow(beta));
    },
    (input) => {
      if (input.length === 0) throw badArgument(name, "a last axis of channels", show(input));
    },
  );
}
