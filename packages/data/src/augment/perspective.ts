import { badArgument, noOptions, shown } from "@tenon/guards";
import type { Augmentation, Places } from "./augmentation.js";
import { around } from "./internal/affine.js";

/**
 * Shows an image as if seen from aside: each of its corners comes from a place that is moved down
 * and right by fractions of the height and the width, uniform in [−most, most), and straight lines
 * stay straight.
 *
 * Heckbert (1989), Fundamentals of texture mapping and image warping, section 2.2.3. Keras:
 * `RandomPerspective`; torchvision: `RandomPerspective`, which moves corners inwards alone. Throws
 * unless 0 ≤ most < 0.25, beyond which corners could change places.
 *
 * @param most such as 0.1
 */
export function perspective(most: number): Augmentation {
  noOptions("perspective", arguments[1]);
  if (typeof most !== "number" || !(most >= 0 && most < 0.25))
    throw badArgument(
      "perspective",
      "most in [0, 0.25)",
      shown(most),
      "0.1 is a tenth of the image",
    );
  return {
    type: "perspective",
    warp(places, rng) {
      const corners = [
        [0, 0],
        [0, 1],
        [1, 1],
        [1, 0],
      ].map(([down, right]) => [down + around(rng, most), right + around(rng, most)] as Corner);
      moveSquare(places, corners as unknown as Square);
    },
    toJSON: () => ({ type: "perspective", args: [most] }),
  };
}

/** A place [down, right], as fractions of the height and the width. */
type Corner = readonly [number, number];
/** From the upper left corner clockwise. */
type Square = readonly [Corner, Corner, Corner, Corner];

/** Moves each place as the projection does that moves the image's corners to these. */
function moveSquare({ rows, columns, height, width }: Places, square: Square): void {
  const [[y0, x0], [y1, x1], [y2, x2], [y3, x3]] = square;
  const [ax, ay, bx, by] = [x1 - x2, y1 - y2, x3 - x2, y3 - y2];
  const [sx, sy] = [x0 - x1 + x2 - x3, y0 - y1 + y2 - y3];
  const whole = ax * by - ay * bx;
  const g = (sx * by - sy * bx) / whole;
  const h = (ax * sy - ay * sx) / whole;
  const [down, right] = [Math.max(1, height - 1), Math.max(1, width - 1)];
  for (let i = 0; i < rows.length; i++) {
    const [u, v] = [columns[i] / right, rows[i] / down];
    const scale = 1 / (g * u + h * v + 1);
    columns[i] = right * scale * ((x1 - x0 + g * x1) * u + (x3 - x0 + h * x3) * v + x0);
    rows[i] = down * scale * ((y1 - y0 + g * y1) * u + (y3 - y0 + h * y3) * v + y0);
  }
}
