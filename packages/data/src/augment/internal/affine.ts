import type { Places } from "../augmentation.js";

/** A 2 × 2 matrix, by rows: what maps (row, column). */
export type Matrix = readonly [number, number, number, number];

/** Moves each place to M · place about the image's center. */
export function about(places: Places, [a, b, c, d]: Matrix): void {
  const { rows, columns, height, width } = places;
  const [y, x] = [(height - 1) / 2, (width - 1) / 2];
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i] - y;
    const column = columns[i] - x;
    rows[i] = a * row + b * column + y;
    columns[i] = c * row + d * column + x;
  }
}

/** Uniform in [−most, most). */
export const around = (rng: () => number, most: number): number => (2 * rng() - 1) * most;
