import * as Plot from "@observablehq/plot";
import type { Chart, Series } from "@tenon/experiments";
import { horizontal, plain, vertical } from "./axes.js";
import { fontSize, lineHeight, textWidth, wrappedText } from "./text.js";
import { armName, type FigureWords } from "./words.js";

/** The height of a row of small charts; where they are made of cells, from one to the other. */
const rowHeight = 54;
const [lowest, highest] = [36, 96];
/** The part of a cell's square that is left free around it. */
const gap = 0.06;

/** The options of Plot for a grid of small charts: a row for each arm, a column for each name. */
export function gridOptions(
  chart: Chart,
  words: FigureWords,
  width: number,
  colorOf: (arm: string) => string,
): Plot.PlotOptions {
  const unique = (names: readonly string[]): string[] => [...new Set(names)];
  const rows = unique(chart.series.map(({ arm }) => arm));
  const columns = unique(chart.series.map(({ column }) => column ?? ""));
  const names = rows.map((arm) => wrappedText(armName(words, arm), 0.2 * width, fontSize, 3));
  const marginLeft = Math.ceil(Math.max(...names.flat().map((t) => textWidth(t, fontSize))) + 14);
  const each = (width - marginLeft) / columns.length;
  const isCells = chart.series.every(({ kind }) => kind === "cells");
  const [across, down] = [chart.x, chart.y].map(({ domain: [from, to] = [0, 1] }) => to - from);
  const height = isCells
    ? Math.max(lowest, Math.min(highest, (0.92 * each * down!) / across!))
    : rowHeight;
  const x = horizontal(chart, 2);
  const y = vertical(chart, 2);
  const [low, high] = x.domain;
  // Between the ends, at which the texts of neighbours would meet; or the middle alone.
  const quarters = [1, 2, 3].map((i) => low + ((high - low) * i) / 4);
  const wide = quarters.reduce((sum, tick) => sum + textWidth(plain(tick), fontSize) + 6, 0);
  const ticks = wide <= 0.7 * each ? quarters : [quarters[1]!];
  const label = (key: string): string => words.axes[key] ?? key;
  const caption = { fillOpacity: 0.75, lineAnchor: "top", frameAnchor: "top-left" } as const;
  const [marginTop, marginBottom] = [2 * lineHeight + 8, 2 * lineHeight + 12];
  return {
    ...{ width, height: marginTop + marginBottom + rows.length * height },
    ...{ marginTop, marginBottom, marginLeft, marginRight: 8 },
    x: { type: x.type, domain: [...x.domain], label: null, ...(isCells && { axis: null }) },
    y: { type: y.type, domain: [...y.domain], label: null, axis: null },
    fx: { domain: columns, label: null, padding: 0.08 },
    fy: { domain: rows, label: null, padding: 0.15 },
    marks: [
      Plot.axisFx({ anchor: "top", label: null, tickSize: 0 }),
      Plot.axisFy({
        ...{ anchor: "left", label: null, tickSize: 0 },
        text: (row: string) => names[rows.indexOf(row)]!.join("\n"),
      }),
      ...(isCells
        ? []
        : [
            Plot.axisX(ticks, { tickSize: 3, label: null, text: plain }),
            Plot.ruleY([y.domain[0]], { strokeOpacity: 0.3 }),
          ]),
      ...chart.series.map((series) => seriesMark(series, colorOf(series.arm))),
      Plot.text([label(chart.columns!)], {
        ...{ ...caption, facet: "super", textAnchor: "start" },
        ...{ dx: 2 - marginLeft, dy: -marginTop + 4 },
      }),
      Plot.text([label(chart.x.label)], {
        ...{ ...caption, facet: "super", lineAnchor: "bottom" },
        ...(textWidth(label(chart.x.label), fontSize) > width - marginLeft
          ? { frameAnchor: "bottom-right", textAnchor: "end" }
          : { frameAnchor: "bottom" }),
        dy: marginBottom - 3,
      }),
    ],
  };
}

function seriesMark(
  { arm, column, kind, points, isFaint = false }: Series,
  color: string,
): Plot.Markish {
  const facet = { fx: () => column ?? "", fy: () => arm };
  const finite = points.filter(({ y }) => y !== null);
  if (kind === "cells") {
    const half = 0.5 - gap;
    return Plot.rect(finite, {
      ...{ x1: ({ x }) => x - half, x2: ({ x }) => x + half },
      ...{ y1: ({ y }) => y! - half, y2: ({ y }) => y! + half },
      ...{ fill: color, fillOpacity: isFaint ? 0.2 : 1, ...facet },
    });
  }
  return kind === "bars"
    ? Plot.areaY(finite, { x: "x", y: "y", fill: color, curve: "step", clip: true, ...facet })
    : Plot.line(points, { x: "x", y: "y", stroke: color, strokeWidth: 1.75, clip: true, ...facet });
}
