import type { Readable } from "@tenon/experiments";
import { padded, sparkline, widthOf, wrapped } from "@tenon/terminal";
import colors from "picocolors";
import { halfText, valueText } from "@tenon/experiments/numbers";
import type { Row } from "./rows.js";
import { armName, filled, type Texts } from "./texts.js";

export interface TableOptions {
  readonly texts: Texts;
  /** The experiment. */
  readonly id: string;
  /** The measure that is shown, and how it is to be read. */
  readonly measure: string;
  readonly reading: Readable;
  /** Whether rows are the lines of a picture rather than all arms. */
  readonly isSweep: boolean;
  /** Whether such a line has no value of its own: its lowest and its highest one are shown. */
  readonly isRange: boolean;
  readonly columns: number;
}

/** Narrower than this a curve says nothing. */
const leastCurve = 8;
const widestCurve = 40;
const widestName = 34;

/** The arms of an experiment in lines of at most `columns` columns, below what is measured. */
export function tableLines(rows: readonly Row[], options: TableOptions): string[] {
  const { texts, id, measure, reading, isSweep, isRange, columns } = options;
  const { table } = texts.lab;
  const hasIntervals = rows.some(({ of }) => of > 1);
  const form = isRange ? table.range : hasIntervals ? table.caption : "{measure}";
  const caption = filled(form, {
    measure: texts.tips[id]!.measures[measure]!,
  });
  const values = rows.map((row) => valueOf(row, options));
  const counts = rows.map(({ done, of }) => `${done}/${of}`);
  const name = (row: Row): string => armName(texts, id, row.name);
  const best = bestOf(rows, reading.better);
  const hasCurves = rows.some(({ curve }) => curve.length > 1);
  const wide = (head: string, cells: readonly string[]): number =>
    Math.max(widthOf(head), ...cells.map(widthOf));
  const head = isSweep ? table.group : table.arm;
  // As wide as a value will be, so that columns stay where they are.
  const valueWide = isSweep ? wide("", values) : wide(exampleOf(reading, hasIntervals), values);
  const countWide = wide(table.seed, counts);
  const fixed = 2 + 2 + valueWide + 2 + countWide;
  const nameWide = Math.max(
    Math.min(wide(head, rows.map(name)), widestName, columns - fixed - leastCurve - 2),
    4,
  );
  const room = Math.min(widestCurve, columns - fixed - nameWide - 2);
  const curveWide = hasCurves && room >= leastCurve ? room : 0;
  const range = rangeOf(rows);
  const line = (cells: readonly [string, string, string, string]): string => {
    const [first, value, curve, count] = cells;
    const middle = curveWide > 0 ? `  ${padded(curve, curveWide)}` : "";
    return `${padded(first, nameWide)}  ${padded(value, valueWide)}${middle}  ${count}`;
  };
  return [
    `  ${wrapped(caption, columns - 2, 2)}`,
    colors.dim(`  ${line([head, "", "", padded(table.seed, countWide)])}`),
    ...rows.map((row, i) => {
      const drawn = sparkline(row.curve, Math.min(curveWide, row.curve.length), row.scale, range);
      const isBroken = row.mean !== undefined && row.mean.n === 0 && row.mean.missing > 0;
      const paint = isBroken ? colors.red : row === best ? colors.green : String;
      const count = row.done === row.of ? colors.dim(counts[i]!) : counts[i]!;
      const mark = row.isRunning ? colors.cyan("▸ ") : "  ";
      const cells = [shortened(name(row), nameWide), paint(values[i]!)] as const;
      return `${mark}${line([...cells, colors.cyan(drawn), count])}`.trimEnd();
    }),
  ];
}

/** The range of all curves, so that they can be compared; of those that stay finite, if any do. */
function rangeOf(rows: readonly Row[]): readonly [number, number] {
  const finite = rows.filter(({ mean }) => (mean?.missing ?? 0) === 0);
  const values = (finite.length > 0 ? finite : rows).flatMap(({ curve, scale }) =>
    scale === "log" ? curve.filter((y) => y > 0) : curve,
  );
  return [Math.min(...values), Math.max(...values)];
}

function valueOf({ mean, curve }: Row, { texts, reading, isRange }: TableOptions): string {
  const { common } = texts;
  if (!mean) return isRange && curve.length > 1 ? rangeText(reading, curve) : "";
  const without = common.missing[reading.missing ?? "notFinite"];
  if (mean.mean === null) return mean.missing > 0 ? without : "";
  const value = valueText(reading, mean.mean);
  const half = mean.interval ? ` ± ${halfText(reading, mean.interval)}` : "";
  const each = reading.missing ? ` ${without}` : "∞";
  return value + half + (mean.missing > 0 ? ` (${mean.missing}×${each})` : "");
}

/** A value of usual length. */
const exampleOf = ({ percent }: Readable, hasIntervals: boolean): string =>
  (percent ? "10.00 %" : "0.1000") + (hasIntervals ? (percent ? " ± 0.10" : " ± 0.010") : "");

/** Of the line of a sweep, which has no single value: the lowest and the highest one. */
const rangeText = (reading: Readable, curve: readonly number[]): string =>
  [Math.min(...curve), Math.max(...curve)].map((end) => valueText(reading, end)).join(" – ");

/** The row with the best mean, of those all of whose runs were finite. */
function bestOf(rows: readonly Row[], better: "higher" | "lower"): Row | undefined {
  const sign = better === "higher" ? 1 : -1;
  const of = ({ mean }: Row): number =>
    mean && mean.mean !== null && mean.missing === 0 ? sign * mean.mean : -Infinity;
  const best = rows.reduce<Row | undefined>(
    (found, row) => (of(row) > (found ? of(found) : -Infinity) ? row : found),
    undefined,
  );
  return best;
}

/** A text of at most so many columns, with … where something is left out. */
function shortened(text: string, columns: number): string {
  if (widthOf(text) <= columns) return text;
  let kept = "";
  for (const character of text) {
    if (widthOf(kept + character) > columns - 1) break;
    kept += character;
  }
  return `${kept}…`;
}
