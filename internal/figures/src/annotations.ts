import type { Chart, Point, Series } from "@tenon/experiments";
import type { Frame } from "./frame.js";
import { placed } from "./labels.js";
import { brokenTexts, markWidth, namedMarks, rowGap } from "./marks.js";
import type { Place } from "./place.js";
import { fontSize, lineHeight, textWidth } from "./text.js";
import { nameOfSeries, type FigureWords } from "./words.js";

/** A text, the arm whose colour it has if any, and a line from what it names to it. */
export interface Label {
  readonly text: string;
  readonly arm?: string;
  /** Where the text begins or, of a mark, has its middle; and its middle from above. */
  readonly x: number;
  readonly y: number;
  readonly leader?: string;
}

/** A hatched strip above the plot, from where an arm is not finite, and what it says. */
export interface Strip {
  readonly arm: string;
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  readonly lines: readonly Label[];
  /** How wide its text is: it stands on the background, not on the hatching. */
  readonly textWidth: number;
  /** Where the arm's last finite value is, within the plot. */
  readonly end?: readonly [number, number];
}

/** What of a figure says what lines are: none of these texts lies on another one or is cut. */
export interface Annotations {
  /** Names of vertical lines, above the plot. */
  readonly marks: readonly Label[];
  /** Names of lines and of horizontal lines, at their right ends. */
  readonly ends: readonly Label[];
  readonly strips: readonly Strip[];
}

export function annotationsOf(
  chart: Chart,
  words: FigureWords,
  frame: Frame,
  at: Place,
): Annotations {
  return {
    marks: markLabels(frame, at),
    ends: endLabels(chart, words, frame, at),
    strips: stripsOf(chart, words, frame, at),
  };
}

function markLabels({ markRows: rows, width }: Frame, at: Place): Label[] {
  return rows.flatMap((row, i) => {
    const y = at.top - rowGap - (i + 0.5) * lineHeight;
    const wishes = row.map((mark) => ({
      ...{ label: mark, wanted: at.x(mark.value), size: markWidth(mark.text) },
    }));
    return placed(wishes, [at.left - 4, width]).map(({ label, wanted, at: middle, size }) => {
      // The line goes straight up to a text that is above it, otherwise to the nearer half.
      const reach = Math.max(0, size / 2 - 10);
      const end = Math.max(middle - reach, Math.min(middle + reach, wanted));
      const { text, arm } = label;
      return {
        ...{ text, x: middle, y, ...(arm !== undefined && { arm }) },
        leader: `M${round(wanted)},${at.top}L${round(end)},${round(y + fontSize / 2 + 1)}`,
      };
    });
  });
}

/** The last point of a series that is drawn. */
function endOf({ points }: Series): Point | undefined {
  for (let i = points.length - 1; i >= 0; i--) if (points[i]!.y !== null) return points[i];
  return undefined;
}

function endLabels(chart: Chart, words: FigureWords, frame: Frame, at: Place): Label[] {
  const [low, high] = frame.y.domain;
  const clamp = (pixel: number): number => Math.max(at.top, Math.min(at.bottom, pixel));
  const isBroken = (arm: string): boolean =>
    chart.broken?.some((each) => each.arm === arm) ?? false;
  const texts = new Set(frame.ends.map(({ text }) => text));
  // Names of lines that still grow stand where the last points are.
  const right = lastOf(chart, at);
  const lines = chart.series.flatMap((series) => {
    const end = endOf(series);
    const text = nameOfSeries(series, words);
    if (series.isFaint || !end || !texts.has(text)) return [];
    // The strip names an arm that has left the plot before its values were no longer finite.
    if (isBroken(series.arm) && (end.y! > high || end.y! < low)) return [];
    const y = clamp(at.y(end.y!));
    if (Number.isNaN(y)) return [];
    const from = [at.x(end.x), y] as const;
    return [{ label: { text, arm: series.arm, from, right }, wanted: y }];
  });
  const marks = namedMarks(chart, "y").flatMap(({ label, value, arm }) => {
    const text = words.marks[label] ?? label;
    if (!texts.has(text)) return [];
    const y = clamp(at.y(value));
    return [{ label: { text, arm, from: [at.right, y] as const, right: at.right }, wanted: y }];
  });
  const wishes = [...lines, ...marks].map((each) => ({ ...each, size: lineHeight }));
  return placed(wishes, [at.top - 2, at.bottom + 8]).map(({ label, at: middle }) => {
    const { text, arm, from, right } = label;
    const y = round(middle);
    // A line from where another one goes on to a name could be taken for its values.
    const isNear = Math.abs(y - from[1]) <= 3 || from[0] < right - 3;
    const start = `M${round(right + 1)},${round(from[1])}`;
    return {
      ...{ text, x: round(right + 9), y, ...(arm !== undefined && { arm }) },
      ...(!isNear && { leader: `${start}L${round(right + 6)},${y}` }),
    };
  });
}

/** How far lines reach, in pixels: to the right end of the plot where they do not go over time. */
function lastOf({ series }: Chart, at: Place): number {
  if (series.some(({ kind }) => kind !== "line")) return at.right;
  const all = series.flatMap(({ points }) => points.filter(({ y }) => y !== null));
  return all.reduce((end, { x }) => Math.max(end, Math.min(at.right, at.x(x))), at.left);
}

function stripsOf(chart: Chart, words: FigureWords, frame: Frame, at: Place): Strip[] {
  const all = brokenTexts(chart, words, frame.width);
  const rows = all.reduce((sum, { lines }) => sum + lines.length, 0);
  let top = at.top - rowGap - lineHeight * (rows + frame.markRows.length);
  return all.map(({ arm, x, lines }) => {
    const left = Math.max(at.left, Math.min(at.right, at.x(x)));
    const strip = { arm, left, top, width: at.right - left, height: lineHeight * lines.length };
    const series = chart.series.find((each) => each.arm === arm && !each.isFaint);
    const last = series && endOf(series);
    // Where some seeds go on, the line does not end there.
    const end = last && last.x <= x ? last : undefined;
    const wide = Math.max(...lines.map((text) => textWidth(text, fontSize)));
    const start = Math.max(4, Math.min(left + 10, frame.width - wide - 4));
    const labels = lines.map((text, i) => ({
      ...{ text, arm, x: start, y: top + (i + 0.5) * lineHeight },
    }));
    top += strip.height;
    return {
      ...{ ...strip, lines: labels, textWidth: wide },
      ...(end && {
        end: [at.x(end.x), Math.max(at.top, Math.min(at.bottom, at.y(end.y!)))] as const,
      }),
    };
  });
}

const round = (pixel: number): number => Math.round(10 * pixel) / 10;
