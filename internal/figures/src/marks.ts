import type { Chart, Mark } from "@tenon/experiments";
import { fontSize, textWidth, wrappedText } from "./text.js";
import { armName, type FigureWords } from "./words.js";

/** Between a plot, to which the upper half of its highest tick extends, and the rows above it. */
export const rowGap = 7;

/** The lines across with a name of their own: those of one name are in the legend. */
export const namedMarks = ({ marks = [] }: Chart, axis: Mark["axis"]): readonly Mark[] =>
  marks.filter(
    (mark) => mark.axis === axis && marks.filter(({ label }) => label === mark.label).length === 1,
  );

/** What a label above the plot takes of its row, with the space to the next one. */
export const markWidth = (text: string): number => textWidth(text, fontSize) + 10;

/** Marks in rows of labels that are each no wider than the figure, the lowest row first. */
export function markRows<T extends { readonly text: string; readonly value: number }>(
  marks: readonly T[],
  width: number,
): T[][] {
  const sorted = [...marks].sort((a, b) => a.value - b.value);
  for (let count = 1; ; count++) {
    const rows = Array.from({ length: Math.min(count, sorted.length) }, (_, row) =>
      sorted.filter((_, i) => i % count === row),
    );
    const wide = (row: readonly T[]): number => row.reduce((sum, m) => sum + markWidth(m.text), 0);
    if (count >= sorted.length || rows.every((row) => wide(row) <= width)) return rows;
  }
}

/** What is said of arms that are not finite, in lines that are no wider than the figure. */
export const brokenTexts = (chart: Chart, words: FigureWords, width: number) =>
  [...(chart.broken ?? [])]
    .sort((a, b) => a.x - b.x)
    .map(({ arm, x }) => ({
      ...{ arm, x },
      lines: wrappedText(words.broken.replace("{arm}", armName(words, arm)), width - 12, fontSize),
    }));
