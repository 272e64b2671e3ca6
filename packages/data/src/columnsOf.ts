import { badArgument, known, list, oneOf, shown } from "@tenon/guards";
import { checkTable, missing as isMissing, numberIn } from "./internal/cells.js";
import type { Table } from "./readCsv.js";

/** How a column of text becomes values. Plain data: it is its own JSON. */
export type Column =
  | {
      readonly name: string;
      readonly kind: "number";
      /** What stands for a missing number; absent where none may be missing. */
      readonly missing?: number;
    }
  | {
      readonly name: string;
      readonly kind: "category";
      /** Every text there is, in order. */
      readonly categories: readonly string[];
    };

/** How a table becomes features and targets. Plain data: save it with the model. */
export interface Columns {
  readonly features: readonly Column[];
  readonly targets: readonly Column[];
  /** The names of the classes, in the order of their labels; none where targets are numbers. */
  readonly classes: readonly string[];
}

export interface ColumnsOptions {
  /** The column to predict, or several of numbers. @defaultValue none */
  readonly target?: string | readonly string[];
  /** The columns to predict it from. @defaultValue all others */
  readonly features?: readonly string[];
  /** Columns of numbers that are names of classes, such as labels 0, 1, 2. @defaultValue none */
  readonly categories?: readonly string[];
  /**
   * What becomes of a number that is missing (an empty field, NA, NaN, null or ?): refused, or
   * replaced by the mean of its column. @defaultValue "refuse"
   */
  readonly missing?: "refuse" | "mean";
}

/**
 * Finds out of what kind the columns of a table are: numbers, or categories, of which it notes all
 * that there are. `encodeTable` applies it, to this table and to others with the same columns; fit
 * it on the training set.
 *
 * Categories are in the order of their numbers, or else of their letters' codes. Throws where there
 * is no such column, no row, a column of numbers lacks one (`missing: "mean"` allows it) or all, or
 * one of several targets is a category. Keras: `FeatureSpace.adapt`; scikit-learn:
 * `ColumnTransformer`.
 */
export function columnsOf(table: Table, options: ColumnsOptions = {}): Columns {
  const {
    target = [],
    features,
    categories = [],
    missing = "refuse",
  } = known("columnsOf", options, "target features categories missing");
  checkTable("columnsOf", table);
  oneOf("columnsOf", "missing", missing, ["refuse", "mean"]);
  list("columnsOf", "categories", categories);
  const targets = typeof target === "string" ? [target] : target;
  list("columnsOf", "target", targets);
  const inputs = features ?? table.names.filter((name) => !targets.includes(name));
  list("columnsOf", "features", inputs);
  if (inputs.length === 0) throw badArgument("columnsOf", "at least one feature", "none");
  if (table.rows.length === 0) throw badArgument("columnsOf", "at least one row", "none");
  checkNames(table, "features", inputs);
  checkNames(table, "target", targets);
  checkNames(table, "categories", categories);
  const both = targets.find((name) => inputs.includes(name));
  if (both !== undefined)
    throw badArgument("columnsOf", "features without the target", shown(both));
  const of = (name: string): Column =>
    columnOf(table, name, { isCategory: categories.includes(name), missing });
  const columns = { features: inputs.map(of), targets: targets.map(of) };
  const text = columns.targets.find((column) => column.kind === "category");
  if (text !== undefined && targets.length > 1)
    throw badArgument("columnsOf", "several targets to be numbers", `categories in "${text.name}"`);
  return { ...columns, classes: text?.categories ?? [] };
}

function checkNames({ names }: Table, option: string, given: readonly unknown[]): void {
  for (const name of given)
    if (!names.includes(name as string))
      throw badArgument("columnsOf", `${option} among ${names.join(", ")}`, shown(name));
}

function columnOf(
  table: Table,
  name: string,
  { isCategory, missing }: { readonly isCategory: boolean; readonly missing: "refuse" | "mean" },
): Column {
  const index = table.names.indexOf(name);
  const cells = table.rows.map((row) => row[index]);
  const present = cells.filter((cell) => !isMissing(cell));
  const numbers = present.map(numberIn);
  const areNumbers = numbers.every((value) => value !== undefined);
  if (isCategory || !areNumbers || present.length === 0) {
    const all = [...new Set(cells)];
    const byCode = (a: string, b: string): number => (a < b ? -1 : 1);
    const byNumber = (a: string, b: string): number => numberIn(a)! - numberIn(b)! || byCode(a, b);
    const areAll = cells.every((cell) => numberIn(cell) !== undefined);
    return { name, kind: "category", categories: all.sort(areAll ? byNumber : byCode) };
  }
  const lacking = cells.findIndex(isMissing);
  if (lacking < 0) return { name, kind: "number" };
  if (missing === "refuse")
    throw badArgument(
      "columnsOf",
      `a number in column "${name}", line ${table.lines[lacking]}`,
      shown(cells[lacking]),
      'say missing: "mean", or leave the row out',
    );
  const sum = (numbers as number[]).reduce((a, b) => a + b);
  return { name, kind: "number", missing: sum / numbers.length };
}
