import * as Plot from "@observablehq/plot";
import type { Chart, Point, Series } from "@tenon/experiments";
import { spacing } from "./axes.js";
import type { Frame } from "./frame.js";
import type { LineStyle } from "./palette.js";

const faint = { strokeWidth: 1, strokeOpacity: 0.6 };

/** Of more points than this a line is drawn without dots. */
const mostDots = 24;

/** The marks of a chart's series and thresholds. */
export function layersOf(
  chart: Chart,
  frame: Frame,
  styleOf: (arm: string) => LineStyle,
): Plot.Markish[] {
  const clip = chart.x.domain !== undefined || chart.y.domain !== undefined;
  const shown = chart.series.map((series) => ({
    ...series,
    points: series.points.map(numbers),
  }));
  return [
    ...(chart.levels ?? []).map((level) =>
      Plot.line(level, {
        ...{ x: "x", y: "y", clip: true },
        stroke: "currentColor",
        ...faint,
        strokeOpacity: 0.25,
      }),
    ),
    ...thresholds(chart, styleOf),
    ...shown.flatMap((series, i) => {
      const style = styleOf(series.arm);
      const { color } = style;
      if (series.kind === "line" || series.kind === "path") return lineLayers(series, style, clip);
      const points = beside(shown, i);
      return series.kind === "bars"
        ? barLayers(points, frame, color, clip)
        : dotLayers(points, color, clip, series.isFaint);
    }),
  ];
}

/** A point as numbers: what cannot be drawn is NaN. */
interface Numbers {
  readonly x: number;
  readonly y: number;
  readonly low: number;
  readonly high: number;
  /** Of a bar: half of its width. */
  readonly half?: number;
}

const numbers = ({ x, y, low = NaN, high = NaN }: Point): Numbers => ({
  x,
  y: y ?? NaN,
  low,
  high,
});

type DrawnSeries = Omit<Series, "points"> & { readonly points: readonly Numbers[] };

function lineLayers(
  { points, isFaint = false }: DrawnSeries,
  { color, opacity, dash }: LineStyle,
  clip: boolean,
): Plot.Markish[] {
  const alone = (_: Numbers, i: number): boolean =>
    Number.isNaN(points[i - 1]?.y ?? NaN) && Number.isNaN(points[i + 1]?.y ?? NaN);
  const dots = points.length <= mostDots && !isFaint ? points : points.filter(alone);
  const band = points.filter(({ low, high }) => high > low);
  return [
    ...(band.length > 1 && !isFaint
      ? [
          Plot.areaY(points, {
            x: "x",
            y1: "low",
            y2: "high",
            fill: color,
            fillOpacity: 0.16,
            clip,
          }),
        ]
      : []),
    Plot.line(points, {
      ...{ x: "x", y: "y", stroke: color, clip },
      ...(isFaint ? faint : { strokeWidth: 2.25, strokeOpacity: opacity }),
      ...(dash !== undefined && { strokeDasharray: dash }),
    }),
    ...(dots.length > 0
      ? [Plot.dot(dots, { x: "x", y: "y", r: 3, fill: color, fillOpacity: opacity, clip })]
      : []),
  ];
}

/** Dots with their ranges; faint ones are rings. */
function dotLayers(
  points: readonly Numbers[],
  color: string,
  clip: boolean,
  isFaint = false,
): Plot.Markish[] {
  const paint = isFaint ? { stroke: color, strokeWidth: 1.5 } : { fill: color };
  return [
    Plot.ruleX(points, { x: "x", y1: "low", y2: "high", stroke: color, strokeWidth: 2, clip }),
    Plot.dot(points, { x: "x", y: "y", r: 5, ...paint, clip }),
  ];
}

function barLayers(
  points: readonly Numbers[],
  { y }: Frame,
  color: string,
  clip: boolean,
): Plot.Markish[] {
  const base = y.type === "log" ? y.domain[0] : Math.min(Math.max(0, y.domain[0]), y.domain[1]);
  return [
    Plot.rect(points, {
      x1: ({ x, half }: Numbers) => x - half!,
      x2: ({ x, half }: Numbers) => x + half!,
      y1: ({ y: value }: Numbers) => (Number.isNaN(value) ? NaN : base),
      ...{ y2: "y", fill: color, fillOpacity: 0.8, insetLeft: 0.5, insetRight: 0.5, clip },
    }),
    Plot.ruleX(points, { x: "x", y1: "low", y2: "high", stroke: "currentColor", clip }),
  ];
}

/** The points of a series next to those of others that have the same place. */
function beside(all: readonly DrawnSeries[], i: number): Numbers[] {
  const { kind, points } = all[i]!;
  const same = all.filter((series) => series.kind === kind);
  const width = 0.8 * spacing(same.flatMap((series) => series.points as readonly Point[]));
  return points.map((point) => {
    const sharing = same.filter((series) => series.points.some(({ x }) => x === point.x));
    const position = sharing.indexOf(all[i]!);
    const each = width / sharing.length;
    const shift = (position - (sharing.length - 1) / 2) * each;
    return { ...point, x: point.x + (sharing.length > 1 ? shift : 0), half: each / 2 };
  });
}

/** Dashed lines at values; of a category's arm only as wide as the category. */
function thresholds({ x, marks = [] }: Chart, styleOf: (arm: string) => LineStyle): Plot.Markish[] {
  return marks.map(({ axis, value, arm }) => {
    const stroke = arm === undefined ? "currentColor" : styleOf(arm).color;
    const style = { stroke, strokeDasharray: "5 4", strokeWidth: 1.5 };
    if (axis === "x") return Plot.ruleX([value], style);
    const category = arm === undefined ? -1 : (x.categories?.indexOf(arm) ?? -1);
    return category < 0
      ? Plot.ruleY([value], style)
      : Plot.ruleY([value], { ...style, x1: category - 0.4, x2: category + 0.4 });
  });
}
