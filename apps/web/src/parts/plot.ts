import type { Chart, Point, Series } from "@tenon/experiments";
import { armName, type Frame } from "@tenon/figures/frame";
import { placed } from "@tenon/figures/labels";
import type { FigureWords } from "@tenon/figures/words";

/** Where values are in a figure, in pixels. */
export interface Place {
  readonly x: (value: number) => number;
  readonly y: (value: number) => number;
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

export function placeIn({ x, y, width, height, margins }: Frame): Place {
  const [left, right] = [margins.left, width - margins.right];
  const [top, bottom] = [margins.top, height - margins.bottom];
  const scale = ({ type, domain }: Frame["x"], from: number, to: number) => {
    const t = type === "log" ? Math.log : (value: number) => value;
    const [low, high] = [t(domain[0]), t(domain[1])];
    const range = high - low || 1; // of a single value, before a run has begun
    return (value: number): number => from + ((t(value) - low) / range) * (to - from);
  };
  return { x: scale(x, left, right), y: scale(y, bottom, top), left, right, top, bottom };
}

/** Whether a value can be drawn: on a log axis only if it is positive. */
export const isDrawable = (value: number | null | undefined, isLog: boolean): value is number =>
  typeof value === "number" && Number.isFinite(value) && (!isLog || value > 0);

/** The path of a line, broken where a value cannot be drawn. */
export function lineOf(points: readonly Point[], { x, y }: Place, { y: axis }: Frame): string {
  let pen = "M";
  let path = "";
  for (const point of points) {
    if (!isDrawable(point.y, axis.type === "log")) pen = "M";
    else {
      path += `${pen}${x(point.x).toFixed(1)},${y(point.y).toFixed(1)}`;
      pen = "L";
    }
  }
  return path;
}

/** The area between the ends of the ranges of a line; empty where it has none. */
export function bandOf(points: readonly Point[], { x, y }: Place, { y: axis }: Frame): string {
  const isLog = axis.type === "log";
  const high: string[] = [];
  const low: string[] = [];
  for (const point of points) {
    if (!isDrawable(point.high, isLog) || !isDrawable(point.y, isLog)) continue;
    // The lower end of a range may be 0 where the mean is not.
    const end = isDrawable(point.low, isLog) ? point.low : point.y;
    high.push(`${x(point.x).toFixed(1)},${y(point.high).toFixed(1)}`);
    low.push(`${x(point.x).toFixed(1)},${y(end).toFixed(1)}`);
  }
  return high.length > 1 ? `M${high.join("L")}L${low.reverse().join("L")}Z` : "";
}

/** The least distance of two points. */
function spacing(all: readonly Series[]): number {
  const at = [...new Set(all.flatMap(({ points }) => points.map(({ x }) => x)))];
  const gaps = at
    .sort((a, b) => a - b)
    .slice(1)
    .map((x, i) => x - at[i]!);
  return gaps.length > 0 ? Math.min(...gaps) : 1;
}

/** A dot or a bar of a series, next to those of others at the same place. */
export interface Beside extends Point {
  /** Half of a bar's width. */
  readonly half: number;
}

export function beside(all: readonly Series[], series: Series): Beside[] {
  const same = all.filter(({ kind }) => kind === series.kind);
  const width = 0.8 * spacing(same);
  return series.points.map((point) => {
    const sharing = same.filter(({ points }) => points.some(({ x }) => x === point.x));
    const each = width / sharing.length;
    const shift = (sharing.indexOf(series) - (sharing.length - 1) / 2) * each;
    return { ...point, x: point.x + (sharing.length > 1 ? shift : 0), half: each / 2 };
  });
}

/** The name of a series. */
export function nameOf({ arm, part, column }: Series, words: FigureWords): string {
  const name = armName(words, arm);
  const parts = [...(part === undefined ? [] : [words.series[part] ?? part]), column ?? []].flat();
  return [name, ...parts].join(", ");
}

/** A label at the end of a line. */
export interface EndLabel {
  readonly text: string;
  readonly arm: string;
  readonly from: readonly [number, number];
  readonly y: number;
}

/** Labels at the ends of lines, placed so that none hides another. */
export function endLabels(chart: Chart, words: FigureWords, frame: Frame, at: Place): EndLabel[] {
  const isLog = frame.y.type === "log";
  const wanted = chart.series.flatMap((series) => {
    const end = series.points.filter(({ y }) => isDrawable(y, isLog)).at(-1);
    const text = nameOf(series, words);
    if (series.isFaint || !end || !frame.ends.some((each) => each.text === text)) return [];
    const y = Math.max(at.top, Math.min(at.bottom, at.y(end.y!)));
    const label = { text, arm: series.arm, from: [at.x(end.x), y] as const };
    return [{ label, wanted: y }];
  });
  return placed(wanted, 17, [at.top - 8, at.bottom + 8]).map(({ label, y }) => ({ ...label, y }));
}

/** All values of the horizontal axis at which a line has a point. */
export const stopsOf = ({ series }: Chart): number[] =>
  [...new Set(series.flatMap(({ points }) => points.map(({ x }) => x)))].sort((a, b) => a - b);

/** A value in words, with three digits. */
export function valueText(value: number, language: string, percent = false): string {
  const size = Math.abs(value);
  if (percent)
    return value.toLocaleString(language, { style: "percent", maximumFractionDigits: 2 });
  const isPlain = value === 0 || (size >= 1e-3 && size < 1e6);
  return value.toLocaleString(language, {
    ...(isPlain ? { maximumSignificantDigits: size >= 100 ? 6 : 3 } : {}),
    ...(isPlain ? {} : { notation: "scientific" as const, maximumFractionDigits: 1 }),
  });
}
