import type { Chart, Point, Series } from "@tenon/experiments";
import { digits, valueText as readingText } from "@tenon/experiments/numbers";
import { isCount, spacing } from "@tenon/figures/axes";
import type { Frame } from "@tenon/figures/frame";
import type { Colored } from "@tenon/figures/palette";
import type { Place } from "@tenon/figures/place";
import { armName, nameOfSeries, type FigureWords } from "@tenon/figures/words";
import type { UiWords } from "../words.js";

/** What a figure is drawn of, whatever its kind. */
export interface FigureProps {
  /** Names the figure in the document. */
  readonly id: string;
  readonly chart: Chart;
  readonly words: FigureWords;
  readonly ui: UiWords;
  readonly colored: Colored;
  readonly selected?: string | undefined;
  /** Whether a table stands in its place. */
  readonly isTable: boolean;
  /** Whether it changes all the time: a table for screen readers waits until it does not. */
  readonly isRunning: boolean;
  /** In pixels, with one row of a legend. */
  readonly height: number;
}

/** The arms that charts draw, one in a line: a text, so that it is the same while they are. */
export const namesIn = (charts: readonly Chart[]): string =>
  [...new Set(charts.flatMap(({ series }) => series.map(({ arm }) => arm)))].join("\n");

/** Whether a value can be drawn: on a log axis only if it is positive. */
export const isDrawable = (value: number | null | undefined, isLog: boolean): value is number =>
  typeof value === "number" && Number.isFinite(value) && (!isLog || value > 0);

/** The path of a line, broken where a value cannot be drawn. */
export function lineOf(points: readonly Point[], { x, y }: Place, frame: Frame): string {
  const [across, isLog] = [frame.x.type === "log", frame.y.type === "log"];
  let pen = "M";
  let path = "";
  for (const point of points) {
    if (!isDrawable(point.x, across) || !isDrawable(point.y, isLog)) pen = "M";
    else {
      path += `${pen}${x(point.x).toFixed(1)},${y(point.y).toFixed(1)}`;
      pen = "L";
    }
  }
  return path;
}

/** The area between the ends of the ranges of a line; empty where it has none. */
export function bandOf(points: readonly Point[], { x, y }: Place, frame: Frame): string {
  const [across, isLog] = [frame.x.type === "log", frame.y.type === "log"];
  const high: string[] = [];
  const low: string[] = [];
  for (const point of points) {
    if (!isDrawable(point.x, across)) continue;
    if (!isDrawable(point.high, isLog) || !isDrawable(point.y, isLog)) continue;
    // The lower end of a range may be 0 where the mean is not.
    const end = isDrawable(point.low, isLog) ? point.low : point.y;
    high.push(`${x(point.x).toFixed(1)},${y(point.high).toFixed(1)}`);
    low.push(`${x(point.x).toFixed(1)},${y(end).toFixed(1)}`);
  }
  return high.length > 1 ? `M${high.join("L")}L${low.reverse().join("L")}Z` : "";
}

/** A dot or a bar of a series, next to those of others at the same place. */
export interface Beside extends Point {
  /** Half of a bar's width. */
  readonly half: number;
}

export function beside(all: readonly Series[], series: Series): Beside[] {
  const same = all.filter(({ kind }) => kind === series.kind);
  const width = 0.8 * spacing(same.flatMap(({ points }) => points));
  return series.points.map((point) => {
    const sharing = same.filter(({ points }) => points.some(({ x }) => x === point.x));
    const each = width / sharing.length;
    const shift = (sharing.indexOf(series) - (sharing.length - 1) / 2) * each;
    return { ...point, x: point.x + (sharing.length > 1 ? shift : 0), half: each / 2 };
  });
}

/** The name of a series; in a grid with its column. */
export const nameOf = (series: Series, words: FigureWords): string =>
  [nameOfSeries(series, words), series.column ?? []].flat().join(", ");

/** All values of the horizontal axis at which a line has a point. */
export const stopsOf = ({ series }: Chart): number[] =>
  [...new Set(series.flatMap(({ points }) => points.map(({ x }) => x)))].sort((a, b) => a - b);

/** A place on the horizontal axis in words. */
export function placeText({ x: axis }: Chart, words: FigureWords, x: number): string {
  return axis.scale === "categories"
    ? armName(words, axis.categories?.[x] ?? "")
    : isCount(axis)
      ? Math.round(x).toLocaleString("en")
      : digits(x);
}

/** A value in words, as in the documentation and in the terminal. */
export type ValueText = (value: number, percent?: boolean) => string;

export const valueText: ValueText = (value, percent = false) => readingText({ percent }, value);
