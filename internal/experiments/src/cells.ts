import type { Point, Series } from "./chart.js";

/** Cells of a grid of rows and columns: those that are lit, and the others paler. */
export function cellsOf(
  { arm, column }: Pick<Series, "arm" | "column">,
  [rows, columns]: readonly [rows: number, columns: number],
  isLit: (row: number, column: number) => boolean,
): readonly Series[] {
  const all = Array.from({ length: rows * columns }, (_, i) => [
    Math.floor(i / columns),
    i % columns,
  ]) as [number, number][];
  const points = (lit: boolean): Point[] =>
    all
      .filter(([row, at]) => isLit(row, at) === lit)
      // The first row is at the top.
      .map(([row, at]) => ({ x: at, y: rows - 1 - row }));
  const part = { arm, kind: "cells" as const, ...(column !== undefined && { column }) };
  return [
    { ...part, isFaint: true, points: points(false) },
    { ...part, points: points(true) },
  ];
}

/** The range of an axis of so many cells. */
export const cellsDomain = (count: number): readonly [number, number] => [-0.5, count - 0.5];
