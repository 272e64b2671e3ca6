import type { Layer } from "@tenon/contracts";
import { noOptions } from "@tenon/guards";
import { avgPool2d, pad, uniform, type Tensor } from "@tenon/tensor";
import { checkBetween, checkCount, checkImage, sizeOf } from "./internal/check.js";
import { noiseLayer } from "./internal/noiseLayer.js";

/**
 * Dropout of squares of neighbouring cells in each channel, for layers of convolutions, where
 * single cells say what their neighbours say.
 *
 * While training, squares begin at each cell where they fit with probability γ = rate / size² · h w
 * / ((h − size + 1)(w − size + 1)), which drops about `rate` of the cells; what is left is
 * multiplied by the number of cells / the number of those left. Otherwise the identity. torchvision
 * `DropBlock2d`, timm `DropBlock2d`.
 *
 * Ghiasi, Lin & Le (2018), DropBlock: a regularization method for convolutional networks, algorithm
 * 1. arXiv:1810.12890
 *
 * @param rate the fraction of cells that is dropped, in [0, 1)
 * @param size of a square's side, at most the image's
 */
export function dropBlock(rate: number, size: number): Layer<Tensor> {
  noOptions("dropBlock", arguments[2]);
  checkBetween("dropBlock", "rate", rate, 0, 1);
  checkCount("dropBlock", "size", size);
  return noiseLayer(
    "dropBlock",
    [rate, size],
    rate === 0,
    (x, pass) => {
      const [n, h, w, c] = x.shape as [number, number, number, number];
      const side = Math.min(size, h, w);
      const [rows, columns] = [h - side + 1, w - side + 1];
      const gamma = ((rate / side ** 2) * h * w) / (rows * columns);
      const starts = pass.draw([n, rows, columns, c], uniform).less(gamma).cast("float32");
      const around: [number, number] = [side - 1, side - 1];
      const padded = pad(starts, [[0, 0], around, around, [0, 0]]);
      const kept = avgPool2d(padded, side, { strides: 1 }).equal(0);
      return x.mul(kept).mul(kept.sum().maximum(1).reciprocal().mul(sizeOf(x.shape)));
    },
    (input) => checkImage("dropBlock", input),
  );
}
