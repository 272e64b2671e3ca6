import type { NDArray } from "@tenon/contracts";
import { badArgument, noOptions, shown } from "@tenon/guards";
import type { Column, Columns } from "./columnsOf.js";
import { checkTable, missing, numberIn } from "./internal/cells.js";
import type { Table } from "./readCsv.js";

/** A table as arrays. */
export interface EncodedTable {
  /** The features, [rows, width] float32: a number each, and of a category a one among zeros. */
  readonly x: NDArray;
  /** The targets: labels [rows] int32 of a category, or [rows, targets] float32 of numbers. */
  readonly y: NDArray;
}

/**
 * The features and targets of a table: `dataset(encodeTable(table, columns))`.
 *
 * A column of numbers is one feature, a category one for each text that there is ("one-hot").
 * Without a target, as in a table to be predicted, y is [rows, 0].
 *
 * Throws, with the number of the line, where a column is missing, a number was expected and another
 * text found, or a category was not in the table that the columns were made from.
 */
export function encodeTable(
  table: Table,
  columns: Pick<Columns, "features" | "targets">,
): EncodedTable {
  noOptions("encodeTable", arguments[2]);
  checkTable("encodeTable", table);
  if (!Array.isArray(columns?.features) || !Array.isArray(columns.targets))
    throw badArgument("encodeTable", "columns, such as columnsOf(table)", shown(columns));
  const { features, targets } = columns;
  const [target] = targets as readonly Column[];
  const x = rowsOf(table, features);
  if (target?.kind !== "category") return { x, y: rowsOf(table, targets) };
  const index = indexOf(table, target.name);
  const data = Int32Array.from(table.rows, (row, i) => labelOf(target, row[index], table.lines[i]));
  return { x, y: { shape: [data.length], dtype: "int32", data } };
}

/** The values of columns, side by side. */
function rowsOf(table: Table, columns: readonly Column[]): NDArray {
  const widths = columns.map((column) => (column.kind === "number" ? 1 : column.categories.length));
  const width = widths.reduce((a, b) => a + b, 0);
  const data = new Float32Array(table.rows.length * width);
  let begin = 0;
  columns.forEach((column, k) => {
    const index = indexOf(table, column.name);
    table.rows.forEach((row, i) => {
      const place = i * width + begin;
      if (column.kind === "number") data[place] = valueOf(column, row[index], table.lines[i]);
      else data[place + labelOf(column, row[index], table.lines[i])] = 1;
    });
    begin += widths[k];
  });
  return { shape: [table.rows.length, width], dtype: "float32", data };
}

function indexOf({ names }: Table, name: string): number {
  const index = names.indexOf(name);
  if (index < 0)
    throw badArgument("encodeTable", `a table with a column "${name}"`, names.join(", ") || "none");
  return index;
}

type Of<K extends Column["kind"]> = Extract<Column, { readonly kind: K }>;

function valueOf(column: Of<"number">, cell: string, line: number): number {
  const value = missing(cell) ? column.missing : numberIn(cell);
  if (value === undefined)
    throw badArgument(
      "encodeTable",
      `a number in column "${column.name}", line ${line}`,
      shown(cell),
    );
  return value;
}

function labelOf({ name, categories }: Of<"category">, cell: string, line: number): number {
  const label = categories.indexOf(cell);
  if (label < 0)
    throw badArgument(
      "encodeTable",
      `${categories.slice(0, 8).join(", ")}${categories.length > 8 ? ", …" : ""} in column "${name}", line ${line}`,
      shown(cell),
      "make the columns of a table that has all categories",
    );
  return label;
}
