import { badArgument, shown } from "@tenon/guards";
import type { Table } from "../readCsv.js";

/** Whether a field holds no value. */
export const missing = (cell: string): boolean => /^\s*(NA|NaN|null|\?)?\s*$/i.test(cell);

/** The number that a field holds, written in decimal; undefined where it holds something else. */
export function numberIn(cell: string): number | undefined {
  const isNumber = /^\s*[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?\s*$/i.test(cell);
  const value = isNumber ? Number(cell) : NaN;
  return Number.isFinite(value) ? value : undefined;
}

/** Throws unless the value is a table, as `readCsv` makes it. */
export function checkTable(who: string, value: Table): void {
  if (!Array.isArray(value?.names) || !Array.isArray(value.rows) || !Array.isArray(value.lines))
    throw badArgument(who, "a table, such as readCsv(text)", shown(value));
}
