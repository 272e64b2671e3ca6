import type { Chart, Series } from "@tenon/experiments";
import { nameOfArm } from "@tenon/experiments/words";
import { horizontal, vertical, type Drawn } from "./axes.js";
import { textWidth, wrappedText } from "./text.js";
import type { FigureWords } from "./words.js";

export const fontSize = 13;
/** The height of a line of text. */
export const lineHeight = 17;

/** What a legend or a label names. */
export interface Named {
  readonly text: string;
  /** The arm whose colour it has; none of what several arms have. */
  readonly arm?: string;
  /** How its sample is drawn: thin is a part of all arms, dashed a threshold. */
  readonly line: "thick" | "thin" | "dashed";
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
  /** Labels at the ends of lines; none where a legend says it. */
  readonly ends: readonly Named[];
  /** The legend's entries, row by row. */
  readonly legend: readonly (readonly Named[])[];
}

/** The name of an arm. */
export const armName = (words: FigureWords, arm: string): string => nameOfArm(words, arm);

/** Lays out a chart in a rectangle. */
export function frameOf(chart: Chart, words: FigureWords, width: number, height: number): Frame {
  const y = vertical(chart, Math.max(2, Math.round((height - 90) / 55)));
  const left = Math.ceil(Math.max(...y.ticks.map((t) => textWidth(y.format(t), fontSize))) + 16);
  const names = namesOf(chart, words);
  const lines = names.filter(({ line }) => line === "thick");
  const isLines = chart.series.every(({ kind }) => kind === "line" || kind === "path");
  const widest = Math.max(0, ...lines.map(({ text }) => textWidth(text, fontSize)));
  const fits = widest + 14 <= 0.34 * width && lines.length * lineHeight <= height - 110;
  const ends = isLines && fits ? lines : [];
  const right = ends.length > 0 ? Math.ceil(widest + 18) : 18;
  const room = width - left - right;
  const x = horizontal(chart, Math.max(2, Math.round(room / 90)));
  const ticks = ticksOf(chart, words, x, room);
  const legend = legendOf([...names, ...sharedMarks(chart, words)], ends, width);
  const axisLabel = (words.axes[chart.x.label] ?? chart.x.label) === "" ? 0 : lineHeight + 3;
  const tickLines = Math.max(1, ...ticks.map((text) => text.split("\n").length));
  return {
    ...{ width, height, x, y, ticks, ends, legend },
    margins: {
      ...{ left, right },
      top: legend.length * lineHeight + (legend.length > 0 ? 6 : 0) + lineHeight + 8,
      bottom: tickLines * (fontSize + 2) + 10 + axisLabel,
    },
  };
}

/** What the series are called; an arm or a part that several have is named once. */
function namesOf({ x, series }: Chart, words: FigureWords): Named[] {
  const partOf = ({ part }: Series): string =>
    part === undefined ? "" : (words.series[part] ?? part);
  const isTick = ({ arm, points }: Series): boolean =>
    x.scale === "categories" && points.every((point) => x.categories?.[point.x] === arm);
  const all = series
    .filter((each) => !isTick(each))
    .map((each): Named => {
      const part = partOf(each);
      const name = armName(words, each.arm);
      return each.isFaint
        ? { text: part, line: "thin" }
        : { text: part === "" ? name : `${name}, ${part}`, arm: each.arm, line: "thick" };
    })
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

/** The texts of the ticks; of many categories only some have one. */
function ticksOf({ x: axis }: Chart, words: FigureWords, x: Drawn, room: number): string[] {
  if (axis.scale !== "categories") return x.ticks.map(x.format);
  const each = room / x.ticks.length;
  const texts = x.ticks.map((tick) => armName(words, x.format(tick)));
  const wrapped = texts.map((text) => wrappedText(text, each - 6, fontSize, 3).join("\n"));
  const widest = Math.max(
    ...wrapped.flatMap((text) => text.split("\n").map((line) => textWidth(line, fontSize))),
  );
  const every = Math.max(1, Math.ceil((widest + 6) / each));
  return wrapped.map((text, i) => (i % every === 0 ? text : ""));
}
