import type { Description, Rng, Shape } from "@tenon/contracts";

/** Where each pixel of a new image comes from, in rows and columns of the old one. */
export interface Places {
  readonly height: number;
  readonly width: number;
  /** The row of each pixel, in row-major order. */
  readonly rows: Float64Array;
  readonly columns: Float64Array;
}

/**
 * A random change of one image, drawn anew for each example and epoch: of its geometry (`warp`) or
 * of its values (`paint`). Made by `shift`, `rotate`, `noise` and so on, or by you.
 */
export interface Augmentation {
  readonly type: string;
  /**
   * Moves the places that pixels come from. Warps in a row are composed, so that an image is
   * interpolated once.
   */
  warp?(places: Places, rng: Rng): void;
  /** Changes an image [height, width, channels] in place. */
  paint?(image: Float32Array, shape: Shape, rng: Rng): void;
  /** The call that makes it. */
  toJSON(): Description;
}
