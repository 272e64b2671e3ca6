import type { Chart, Series } from "@tenon/experiments";
import type { Frame } from "@tenon/figures/frame";
import type uPlot from "uplot";
import { isDrawable } from "./plot.js";

/** A column of values for uPlot: undefined where a curve has no point, null where it is broken. */
type Column = (number | null | undefined)[];

export interface Aligned {
  readonly data: uPlot.AlignedData;
  /** For each column after the first: its curve, and whether it is an edge of the range. */
  readonly columns: readonly { readonly series: Series; readonly edge: boolean }[];
}

/** Whether uPlot draws it: a curve over numbers. */
export const isCurve = ({ kind }: Series, { x }: Chart): boolean =>
  kind === "line" && x.scale !== "categories";

/** Curves with points at different places as columns of one table. */
export function aligned(chart: Chart, { x, y }: Frame): Aligned {
  const curves = chart.series.filter((series) => isCurve(series, chart));
  const isAt = (value: number): boolean => isDrawable(value, x.type === "log");
  const stops = [...new Set(curves.flatMap(({ points }) => points.map((point) => point.x)))]
    .filter(isAt)
    .sort((a, b) => a - b);
  const row = new Map(stops.map((stop, i) => [stop, i]));
  const columns: { series: Series; edge: boolean }[] = [];
  const data: Column[] = [stops];
  const isLog = y.type === "log";
  const drawable = (value: number | null | undefined): number | null =>
    isDrawable(value, isLog) ? value : null;
  for (const series of curves) {
    const column = (edge: boolean, read: (i: number) => number | null): void => {
      const values: Column = new Array<undefined>(stops.length).fill(undefined);
      for (const [i, point] of series.points.entries())
        if (row.has(point.x)) values[row.get(point.x)!] = read(i);
      columns.push({ series, edge });
      data.push(values);
    };
    const at = (i: number) => series.points[i]!;
    const hasRange = series.points.some(({ low, high }) => high! > low!);
    if (hasRange && !series.isFaint) {
      column(true, (i) => drawable(at(i).high ?? at(i).y));
      column(true, (i) => drawable(at(i).low) ?? drawable(at(i).y));
    }
    column(false, (i) => drawable(at(i).y));
  }
  return { data: data as uPlot.AlignedData, columns };
}

export interface CurveOptions {
  readonly columns: Aligned["columns"];
  /** The size of the plot, without axes. */
  readonly width: number;
  readonly height: number;
  /** The frame, whenever a range is needed. */
  readonly frame: () => Frame;
  readonly colorOf: (arm: string) => string;
  readonly selected: string | undefined;
}

const alpha = (color: string, percent: number): string =>
  `color-mix(in srgb, ${color} ${percent}%, transparent)`;

/** The options of uPlot: curves only; axes and labels are drawn around them. */
export function curveOptions(options: CurveOptions): uPlot.Options {
  const { columns, width, height, frame, colorOf, selected } = options;
  const scale = (axis: "x" | "y"): uPlot.Scale => ({
    ...{ time: false, distr: frame()[axis].type === "log" ? 3 : 1 },
    range: () => [...frame()[axis].domain] as [number, number],
  });
  const bands = columns.flatMap(({ series, edge }, i) =>
    edge && columns[i + 1]?.edge && columns[i + 1]!.series === series && columns[i - 1]?.series !== series
      ? [{ series: [i + 1, i + 2] as [number, number], fill: alpha(colorOf(series.arm), 16) }]
      : [],
  );
  return {
    ...{ width, height, padding: [0, 0, 0, 0], bands },
    ...{ cursor: { show: false }, legend: { show: false } },
    axes: [{ show: false }, { show: false }],
    scales: { x: scale("x"), y: scale("y") },
    series: [
      {},
      ...columns.map(({ series, edge }): uPlot.Series => {
        const color = colorOf(series.arm);
        const isFew = series.points.length <= 24 && !series.isFaint;
        if (edge) return { points: { show: false }, stroke: "transparent", width: 0 };
        return {
          stroke: series.isFaint ? alpha(color, 55) : color,
          width: series.isFaint ? 1 : series.arm === selected ? 3 : 2,
          points: { show: isFew, size: 6, fill: color, stroke: color, width: 0 },
        };
      }),
    ],
  };
}
