import { badArgument, shown } from "@tenon/guards";
import type { Places } from "../augmentation.js";

/** A 2 × 2 matrix, by rows: what maps (row, column). */
export type Matrix = readonly [number, number, number, number];

/** Moves places to M · place about the image's center, or up and to the left. */
export type Move = { readonly matrix: Matrix } | { readonly up: number; readonly left: number };

/** Places that note moves until their rows or columns are read. */
export interface NotingPlaces extends Places {
  readonly note: (move: Move) => void;
}

/** Moves each place to M · place about the image's center. */
export const about = (places: Places, matrix: Matrix): void => move(places, { matrix });

/** Moves each place: now, or when places that note moves are read. */
export function move(places: Places, by: Move): void {
  const { note } = places as Partial<NotingPlaces>;
  if (note) note(by);
  else moveEach(places, by);
}

/** Moves each place now. */
export function moveEach({ rows, columns, height, width }: Places, by: Move): void {
  if (!("matrix" in by)) {
    for (let i = 0; i < rows.length; i++) {
      rows[i] -= by.up;
      columns[i] -= by.left;
    }
    return;
  }
  const [a, b, c, d] = by.matrix;
  const [y, x] = [(height - 1) / 2, (width - 1) / 2];
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i] - y;
    const column = columns[i] - x;
    rows[i] = a * row + b * column + y;
    columns[i] = c * row + d * column + x;
  }
}

/** Throws unless this is a fraction below 1, at which nothing of an image would be left. */
export function checkMost(name: string, most: number): void {
  if (typeof most !== "number" || !(most >= 0 && most < 1))
    throw badArgument(name, "most in [0, 1)", shown(most), "0.1 is a tenth of the image");
}

/** Uniform in [−most, most). */
export const around = (rng: () => number, most: number): number => (2 * rng() - 1) * most;
