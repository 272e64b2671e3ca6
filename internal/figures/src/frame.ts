import type { Chart, Mark } from "@tenon/experiments";
import { horizontal, vertical, type Drawn } from "./axes.js";
import { brokenTexts, markRows, namedMarks, rowGap } from "./marks.js";
import { fontSize, lineHeight, textWidth, wrappedText } from "./text.js";
import { armName, nameOfSeries, type FigureWords } from "./words.js";

/** What a legend or a label names. */
export interface Named {
  readonly text: string;
  /** The arm whose colour it has; none of what several arms have. */
  readonly arm?: string;
  /** How its sample is drawn: thin is a part of all arms, dashed a threshold. */
  readonly line: "thick" | "thin" | "dashed";
}

/** A vertical line with its name. */
export interface NamedMark {
  readonly text: string;
  readonly value: number;
  readonly arm?: string;
}

/** Where the parts of a figure are. */
export interface Frame {
  readonly width: number;
  readonly height: number;
  readonly margins: Readonly<Record<"top" | "right" | "bottom" | "left", number>>;
  readonly x: Drawn;
  readonly y: Drawn;
  /** The texts of the horizontal axis' ticks, in lines. */
  readonly ticks: readonly string[];
  /** Names at the right ends of lines; none where a legend says it. */
  readonly ends: readonly Named[];
  /** The vertical lines that have a name above the plot, the lowest row first. */
  readonly markRows: readonly (readonly NamedMark[])[];
  /** The legend's entries, row by row. */
  readonly legend: readonly (readonly Named[])[];
}

/**
 * Lays out a chart in a rectangle. The height is that of a figure with one row of a legend: it
 * grows with further rows, so that the plot itself keeps its height.
 */
export function frameOf(chart: Chart, words: FigureWords, width: number, least: number): Frame {
  const y = vertical(chart, Math.max(2, Math.round((least - 90) / 55)));
  const left = Math.ceil(Math.max(...y.ticks.map((t) => textWidth(y.format(t), fontSize))) + 16);
  const names = namesOf(chart, words);
  const levels = namedMarks(chart, "y").map((mark) => markName(mark, words));
  const ends = endsOf(chart, names, levels, width, least);
  const widest = Math.max(0, ...ends.map(({ text }) => textWidth(text, fontSize)));
  const legend = legendOf([...names, ...levels, ...sharedMarks(chart, words)], ends, width);
  const height = least + Math.max(0, legend.length - 1) * lineHeight;
  const { x, ticks, right } = horizontalOf(chart, words, {
    ...{ left, width, right: ends.length > 0 ? Math.ceil(widest + 18) : 18 },
  });
  const marks = namedMarks(chart, "x").map((mark) => ({
    ...{ text: markName(mark, words).text, value: mark.value },
    ...(mark.arm !== undefined && { arm: mark.arm }),
  }));
  const rows = markRows(marks, width - left);
  const strips = brokenTexts(chart, words, width).flatMap(({ lines }) => lines);
  const axisLabel = (words.axes[chart.x.label] ?? chart.x.label) === "" ? 0 : lineHeight + 3;
  const tickLines = Math.max(1, ...ticks.map((text) => text.split("\n").length));
  const above = 1 + rows.length + strips.length;
  return {
    ...{ width, height, x, y, ticks, ends, legend, markRows: rows },
    margins: {
      ...{ left, right },
      top: legendHeight({ legend }) + above * lineHeight + (above > 1 ? rowGap : 8),
      bottom: tickLines * (fontSize + 2) + 10 + axisLabel,
    },
  };
}

/** Where what is below the legend begins: the name of the vertical axis. */
export const legendHeight = ({ legend }: Pick<Frame, "legend">): number =>
  legend.length * lineHeight + (legend.length > 0 ? 6 : 0);

/** What is named at the right ends of lines: as much as there is room for. */
function endsOf(
  { series }: Chart,
  names: readonly Named[],
  levels: readonly Named[],
  width: number,
  height: number,
): readonly Named[] {
  const lines = names.filter(({ line }) => line === "thick");
  const isLines = series.every(({ kind }) => kind === "line" || kind === "path");
  const fits = (some: readonly Named[]): boolean =>
    Math.max(0, ...some.map(({ text }) => textWidth(text, fontSize))) + 14 <= 0.34 * width &&
    some.length * lineHeight <= height - 110;
  if (!isLines) return fits(levels) ? levels : [];
  return [[...lines, ...levels], lines].find(fits) ?? [];
}

interface Room {
  readonly left: number;
  readonly right: number;
  readonly width: number;
}

/**
 * The horizontal axis, the texts of its ticks, and the room that the last one needs at the right.
 */
function horizontalOf(chart: Chart, words: FigureWords, { left, right, width }: Room) {
  const room = width - left - right;
  const x = horizontal(chart, Math.max(2, Math.round(room / 90)));
  const ticks = ticksOf(chart, words, x, room);
  const last = x.ticks.at(-1);
  const half = textWidth(ticks.at(-1) ?? "", fontSize) / 2;
  const beyond = last === undefined ? 0 : (1 - shareOf(x, last)) * room;
  const isArms = chart.x.scale === "categories";
  return { x, ticks, right: isArms ? right : Math.max(right, Math.ceil(half + 4 - beyond)) };
}

/** Where a value is on an axis, from 0 to 1. */
function shareOf({ type, domain: [from, to] }: Drawn, value: number): number {
  const t = type === "log" ? Math.log : (each: number) => each;
  return (t(value) - t(from)) / (t(to) - t(from) || 1);
}

const markName = ({ label }: Mark, words: FigureWords): Named => ({
  ...{ text: words.marks[label] ?? label, line: "dashed" },
});

/** What the series are called; an arm or a part that several have is named once. */
function namesOf({ x, series }: Chart, words: FigureWords): Named[] {
  const isTick = ({ arm, points }: Chart["series"][number]): boolean =>
    x.scale === "categories" && points.every((point) => x.categories?.[point.x] === arm);
  const all = series
    .filter((each) => !isTick(each))
    .map((each): Named =>
      each.isFaint
        ? { text: words.series[each.part ?? ""] ?? each.part ?? "", line: "thin" }
        : { text: nameOfSeries(each, words), arm: each.arm, line: "thick" },
    )
    .filter(({ text }) => text !== "");
  return all.filter(({ text }, i) => all.findIndex((other) => other.text === text) === i);
}

/** The thresholds of which several have one name: no single place is theirs. */
function sharedMarks({ marks = [] }: Chart, words: FigureWords): Named[] {
  const labels = marks.map(({ label }) => label);
  const shared = new Set(labels.filter((label, i) => labels.indexOf(label) !== i));
  return [...shared].map((label) => ({ text: words.marks[label] ?? label, line: "dashed" }));
}

/** The width of a legend's entry: a sample of the line, and its text. */
export const entryWidth = ({ text }: Named): number => 24 + textWidth(text, fontSize) + 14;

function legendOf(names: readonly Named[], ends: readonly Named[], width: number): Named[][] {
  const rows: Named[][] = [];
  let used = Infinity;
  for (const name of names.filter((each) => !ends.includes(each))) {
    const entry = entryWidth(name);
    if (used + entry > width) [used] = [0, rows.push([])];
    rows.at(-1)!.push(name);
    used += entry;
  }
  return rows;
}

/** The texts of the ticks; of ticks that are close to each other only some have one. */
function ticksOf({ x: axis }: Chart, words: FigureWords, x: Drawn, room: number): string[] {
  if (axis.scale !== "categories") return withoutOverlaps(x, x.ticks.map(x.format), room);
  const texts = x.ticks.map((tick) => armName(words, x.format(tick)));
  return inRows(texts, room / x.ticks.length);
}

/** Names side by side or, where they are too wide for that, in rows: each name one row lower. */
function inRows(texts: readonly string[], each: number): string[] {
  for (let rows = 1; ; rows++) {
    const room = rows * each - 6;
    const wrapped = texts.map((text) => wrappedText(text, room, fontSize, 3));
    const isFitting = wrapped.flat().every((line) => textWidth(line, fontSize) <= room);
    if (!isFitting && rows < texts.length) continue;
    const height = Math.max(...wrapped.map((lines) => lines.length));
    return wrapped.map((lines, i) => "\n".repeat((i % rows) * height) + lines.join("\n"));
  }
}

/** As many of the texts, at equal distances, as have room side by side. */
function withoutOverlaps(x: Drawn, texts: readonly string[], room: number): string[] {
  const ends = texts.map((text, i) => {
    const [middle, half] = [shareOf(x, x.ticks[i]!) * room, textWidth(text, fontSize) / 2 + 4];
    return [middle - half, middle + half] as const;
  });
  for (let every = 1; ; every++) {
    const shown = ends.filter((_, i) => i % every === 0);
    if (shown.every(([from], i) => i === 0 || from >= shown[i - 1]![1]))
      return texts.map((text, i) => (i % every === 0 ? text : ""));
  }
}
