import { badArgument, known, shown } from "@tenon/guards";
import { alongImage, type Weights } from "../internal/alongImage.js";
import { checkFlag, checkTensor } from "../internal/guards.js";
import { pairOf } from "../internal/windows.js";
import { show } from "../shapes.js";
import type { Tensor } from "../tensor.js";
import type { Pair } from "./conv2d.js";
import { tensor } from "./leaf.js";

export interface Resize2dOptions {
  /** @defaultValue "nearest" */
  readonly interpolation?: "nearest" | "bilinear";
  /**
   * For "bilinear": whether the centers of corner cells stay at the corners (PyTorch's
   * `align_corners`), or the outer edges of these cells. @defaultValue false
   */
  readonly alignCorners?: boolean;
}

/**
 * An image of another size. "nearest": y[i] = x[⌊i·h/H⌋]. "bilinear": between the two cells whose
 * centers are next to (i + ½)·h/H − ½, in each direction; nothing is averaged where the image
 * becomes smaller.
 *
 * PyTorch's `interpolate`; jax' `image.resize` and Keras' `UpSampling2D`, where the image grows.
 *
 * @param x [n, height, width, channels]
 * @param size one number for both directions, or [rows, columns]
 * @returns [n, rows, columns, channels]
 */
export function resize2d(x: Tensor, size: Pair, options: Resize2dOptions = {}): Tensor {
  const { interpolation = "nearest", alignCorners = false } = known(
    "resize2d",
    options,
    "interpolation alignCorners",
  );
  checkTensor("resize2d", x, "an image [n, height, width, channels]");
  if (x.shape.length !== 4 || x.shape[1]! < 1 || x.shape[2]! < 1)
    throw badArgument("resize2d", "an image [n, height, width, channels]", show(x.shape));
  const [rows, columns] = pairOf("resize2d", "a size", size);
  if (interpolation !== "nearest" && interpolation !== "bilinear")
    throw badArgument("resize2d", 'interpolation "nearest" or "bilinear"', shown(interpolation));
  checkFlag("resize2d", "alignCorners", alignCorners);
  const [, h, w] = x.shape as [number, number, number, number];
  if (interpolation === "bilinear")
    return alongImage(x, between(h, rows, alignCorners), between(w, columns, alignCorners));
  const places = (n: number, to: number): Tensor =>
    tensor(Int32Array.from({ length: to }, (_, i) => Math.floor((i * n) / to)));
  return x.gather(places(h, rows), 1).gather(places(w, columns), 2);
}

/** The weights of n cells in each of `to` cells: two of them, which add up to 1. */
function between(n: number, to: number, alignCorners: boolean): Weights {
  return Array.from({ length: to }, (_, i) => {
    const center = alignCorners
      ? to === 1
        ? 0
        : (i * (n - 1)) / (to - 1)
      : Math.max(0, ((i + 0.5) * n) / to - 0.5);
    const low = Math.min(n - 1, Math.floor(center));
    const weight = center - low;
    const weights = new Array<number>(n).fill(0);
    weights[low]! += 1 - weight;
    weights[Math.min(n - 1, low + 1)]! += weight;
    return weights;
  });
}
