import type { Layer } from "@tenon/contracts";
import { badArgument, noOptions } from "@tenon/guards";
import type { Tensor } from "@tenon/tensor";
import { checkBetween, show } from "./internal/check.js";
import { dropped } from "./internal/noise.js";
import { noiseLayer } from "./internal/noiseLayer.js";

/**
 * Dropout of whole channels: while training, each channel of each example is zero at all positions
 * with probability `rate`, and divided by 1 − rate otherwise.
 *
 * For sequences [length, channels] and images [height, width, channels]. Keras `SpatialDropout1D`
 * and `SpatialDropout2D`, PyTorch `Dropout1d` and `Dropout2d`.
 *
 * Tompson et al. (2015), Efficient object localization using convolutional networks, section 3.2.
 * arXiv:1411.4280
 *
 * @param rate in [0, 1)
 */
export function spatialDropout(rate: number): Layer<Tensor> {
  noOptions("spatialDropout", arguments[1]);
  checkBetween("spatialDropout", "rate", rate, 0, 1);
  return noiseLayer(
    "spatialDropout",
    [rate],
    rate === 0,
    (x, pass) => {
      const last = x.shape.length - 1;
      const channels = x.shape.map((n, i) => (i === 0 || i === last ? n : 1));
      return dropped(x, rate, pass, channels);
    },
    (input) => {
      if (input.length < 2)
        throw badArgument("spatialDropout", "positions and channels, [..., channels]", show(input));
    },
  );
}
