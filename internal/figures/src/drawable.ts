import type { Chart, Point, Series } from "@tenon/experiments";

/** Larger values are taken as not finite: those of float32 end at 3.4e38. */
const largest = 1e100;

/**
 * A chart of whose values all can be drawn: null, or no range, where one is not finite, or not
 * positive on a logarithmic axis.
 */
export function drawable(given: Chart): Chart {
  const chart = withoutCopies(given);
  const isLog = chart.y.scale === "log";
  const isValid = (value: number | null | undefined): value is number =>
    typeof value === "number" && Math.abs(value) < largest && (!isLog || value > 1 / largest);
  const point = ({ x, y, low, high }: Point): Point => {
    if (!isValid(y)) return { x, y: null };
    // The lower end of a range may be 0 where the mean is not: the range then begins at the mean.
    return isValid(high) ? { x, y, low: isValid(low) ? low : y, high } : { x, y };
  };
  return {
    ...chart,
    series: chart.series.map((series) => ({ ...series, points: series.points.map(point) })),
    ...(chart.marks && {
      marks: chart.marks.filter(({ axis, value }) => axis === "x" || isValid(value)),
    }),
  };
}

/**
 * A chart without pale lines that lie under another line: of an average of the weights of one run,
 * that run is drawn once.
 */
export function withoutCopies(chart: Chart): Chart {
  const isCopy = (series: Series, i: number): boolean =>
    series.isFaint === true &&
    series.kind !== "cells" &&
    series.points.length > 0 &&
    chart.series.some(
      (other, n) => (!other.isFaint || n < i) && n !== i && beginsWith(other.points, series.points),
    );
  const series = chart.series.filter((each, i) => !isCopy(each, i));
  return series.length === chart.series.length ? chart : { ...chart, series };
}

const beginsWith = (points: readonly Point[], first: readonly Point[]): boolean =>
  points.length >= first.length &&
  first.every(({ x, y }, i) => points[i]!.x === x && points[i]!.y === y);
