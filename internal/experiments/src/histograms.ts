import type { ByPath, Histogram, StepStatistics } from "@tenon/contracts";
import type { Recorder } from "@tenon/trainer";
import type { Point } from "./chart.js";
import type { Picture, ShownRun } from "./experiment.js";

/** Histograms by name, such as that of each layer's outputs. */
type Histograms = ByPath<{
  readonly from: number;
  readonly to: number;
  readonly counts: readonly number[];
}>;

/** Keeps histograms of the first observed step, or of the last one. */
export function histogramsOf(
  which: "first" | "last",
  read: (statistics: StepStatistics) => ByPath<Histogram | undefined>,
): Recorder<Histograms> {
  return {
    start: {},
    description: { type: "histogramsOf", which },
    update(kept, event) {
      if (event.type !== "statistics") return kept;
      if (which === "first" && Object.keys(kept).length > 0) return kept;
      return Object.fromEntries(
        Object.entries(read(event)).flatMap(([name, histogram]) =>
          histogram ? [[name, { ...histogram }]] : [],
        ),
      );
    },
  };
}

/**
 * The fraction of elements in each of some bins between two bounds, at the bins' centres. What is
 * outside of the bounds is counted in the first and in the last bin; the elements of one bin of the
 * histogram count as spread evenly over it.
 */
export function fractionsIn(
  { from, to, counts }: Histograms[string],
  [low, high]: readonly [number, number],
  bins: number,
): Point[] {
  const total = counts.reduce((sum, count) => sum + count, 0) || 1;
  /** The fraction of elements that are less than x. */
  const below = (x: number): number => {
    if (!(from < to)) return from < x ? 1 : 0;
    const position = Math.min(1, Math.max(0, (x - from) / (to - from))) * counts.length;
    const inside = counts.map((count, i) => count * Math.min(1, Math.max(0, position - i)));
    return inside.reduce((sum, count) => sum + count, 0) / total;
  };
  const edge = (bin: number): number => low + (bin * (high - low)) / bins;
  return Array.from({ length: bins }, (_, bin) => {
    const left = bin === 0 ? 0 : below(edge(bin));
    const right = bin === bins - 1 ? 1 : below(edge(bin + 1));
    return { x: (edge(bin) + edge(bin + 1)) / 2, y: right - left };
  });
}

const bins = 41;

/**
 * A grid of histograms, a row for each arm and a column for each name: of the first seed, each as
 * high as its highest bin.
 */
export function histogramGrid({
  id,
  record,
  x,
  columns,
  domain,
  isOfFirstStep = false,
}: {
  readonly id: string;
  readonly record: string;
  /** Labels of the axis of values and of the columns. */
  readonly x: string;
  readonly columns: string;
  readonly domain: readonly [number, number];
  /** Whether the histograms are those of the first step. @defaultValue false */
  readonly isOfFirstStep?: boolean;
}): Picture {
  const kept = (run: ShownRun | undefined) => (run?.records?.[record] ?? {}) as Histograms;
  return {
    ...{ id, isOfFirstStep },
    chart({ arms, runs }) {
      const series = Object.keys(arms).flatMap((arm) =>
        Object.entries(kept(runs.find((run) => run.arm === arm))).map(([column, histogram]) => {
          const points = fractionsIn(histogram, domain, bins);
          const highest = Math.max(...points.map(({ y }) => y!));
          return {
            ...{ arm, kind: "bars" as const, column },
            points: points.map(({ x, y }) => ({ x, y: y! / highest })),
          };
        }),
      );
      return {
        x: { label: x, scale: "linear", domain },
        y: { label: "frequency", scale: "linear", domain: [0, 1] },
        ...{ columns, series },
      };
    },
  };
}
