import { known, notNegative, whole } from "@tenon/guards";
import { normal } from "@tenon/random";
import type { Augmentation } from "./augmentation.js";
import { displacements, type Displacements } from "./internal/displacements.js";

export interface ElasticOptions {
  /**
   * The standard deviation of how far a node of the grid moves, as a fraction of the image's size.
   * @defaultValue 0.04
   */
  readonly std?: number;
  /** How many nodes the grid has in each direction, at least 2. @defaultValue 4 */
  readonly grid?: number;
}

/**
 * Bends an image smoothly: the nodes of a coarse grid over it move by normal values, and the pixels
 * between them as bicubic interpolation says.
 *
 * Ronneberger, Fischer & Brox (2015), U-Net, section 3.1. arXiv:1505.04597. Keras:
 * `RandomElasticTransform`, torchvision: `ElasticTransform`, which smooth a random field with a
 * Gaussian instead, as Simard, Steinkraus & Platt (2003) do. Throws unless 0 ≤ std < ∞ and grid is
 * an integer ≥ 2.
 */
export function elastic(options: ElasticOptions = {}): Augmentation {
  const { std = 0.04, grid = 4 } = known("elastic", options, "std grid");
  notNegative("elastic", "std", std);
  whole("elastic", "grid", grid, 2);
  let cached: Displacements | undefined;
  const nodes = new Float64Array(grid * grid);
  let [down, right] = [new Float64Array(0), new Float64Array(0)];
  return {
    type: "elastic",
    warp(places, rng) {
      const { rows, columns, height, width } = places;
      // What does not depend on the draw is kept for images of one size.
      if (cached?.height !== height || cached.width !== width) {
        cached = displacements(grid, height, width);
        [down, right] = [new Float64Array(rows.length), new Float64Array(rows.length)];
      }
      for (let i = 0; i < nodes.length; i++) nodes[i] = normal(rng, 0, std * height);
      cached.field(nodes, down);
      for (let i = 0; i < nodes.length; i++) nodes[i] = normal(rng, 0, std * width);
      cached.field(nodes, right);
      for (let i = 0; i < rows.length; i++) {
        // Of the nearest pixel: a field this smooth is almost the same there.
        const y = nearest(rows[i], height);
        const at = y * width + nearest(columns[i], width);
        rows[i] += down[at];
        columns[i] += right[at];
      }
    },
    toJSON: () => ({ type: "elastic", args: [{ std, grid }] }),
  };
}

/** The pixel of a line that is nearest to a place. */
function nearest(place: number, size: number): number {
  return place > 0 ? (place < size - 1 ? (place + 0.5) | 0 : size - 1) : 0;
}
