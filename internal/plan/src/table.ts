import { badArgument, shown } from "@tenon/guards";

/** A line of the table of a plan: what runs together. */
export interface TableRow {
  /** The operations whose results it makes, and how often, of a step of a scan. */
  readonly label: string;
  readonly times?: number | undefined;
  /** Its kernels, of which only names are shown. */
  readonly kernels: readonly string[];
  /** How many operations of the graph it computes. */
  readonly fused: number;
  /** Into how many parts its work is cut. */
  readonly items: number;
  readonly bytes: number;
  readonly flops: number;
  /** Undefined where it could not be measured. */
  readonly milliseconds: number | undefined;
}

/** Throws in the name of `explain` unless it is a program that `engine()` compiled. */
export function checkExplained(program: unknown, engine: string, call: string): void {
  const { profile } = (program ?? {}) as { readonly profile?: unknown };
  if (typeof profile !== "function")
    throw badArgument(
      "explain",
      `a program that ${engine}() compiled`,
      shown(program),
      `give ${call}`,
    );
}

/**
 * Rows with their sums under them.
 *
 * @param rowsAre what a row is: kernels, dispatches
 * @param note how they were measured
 */
export function planTable(all: readonly TableRow[], rowsAre: string, note: string): string {
  const total = sumOf(all, ({ milliseconds }) => milliseconds ?? 0);
  const rows = all.map(({ label, times, kernels, fused, items, bytes, flops, milliseconds }) => [
    counted(label) + (times === undefined ? "" : `, ${times} times`),
    kernels.map(short).join(" + "),
    `${fused}`,
    `${items}`,
    kilobytes(bytes),
    (flops / 1e6).toFixed(2),
    ...(milliseconds === undefined
      ? []
      : [
          milliseconds.toFixed(3),
          `${((100 * milliseconds) / total).toFixed(1)} %`,
          (flops / milliseconds / 1e6).toFixed(1),
        ]),
  ]);
  const head = ["makes", "kernel", "ops", "items", "KB", "MFLOP", "ms", "share", "GFLOP/s"];
  const table = [head.slice(0, rows[0]?.length), ...rows];
  const widths = table[0]!.map((_, column) => Math.max(...table.map((row) => row[column]!.length)));
  const line = (row: readonly string[]): string =>
    row
      .map((cell, i) => (i < 2 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!)))
      .join("  ")
      .trimEnd();
  const rule = "─".repeat(widths.reduce((sum, width) => sum + width + 2, -2));
  return [
    ...[line(table[0]!), rule, ...rows.map(line), rule],
    `${all.length} ${rowsAre} do ${sumOf(all, ({ fused }) => fused)} operations: ` +
      `${(sumOf(all, ({ flops }) => flops) / 1e6).toFixed(1)} MFLOP ` +
      (total > 0 ? `in ${total.toFixed(2)} ms, ${note}` : note),
  ].join("\n");
}

const sumOf = (rows: readonly TableRow[], of: (row: TableRow) => number): number =>
  rows.reduce((sum, row) => sum + of(row), 0);

/** A number of bytes in KB, with commas. */
export const kilobytes = (bytes: number): string => Math.ceil(bytes / 1024).toLocaleString("en");

/** `where ×3, add` */
function counted(label: string): string {
  if (/of/.test(label)) return label; // a copy of state
  const counts = new Map<string, number>();
  for (const word of label.split(" ")) counts.set(word, (counts.get(word) ?? 0) + 1);
  return [...counts].map(([word, n]) => (n > 1 ? `${word} ×${n}` : word)).join(", ");
}

/** A kernel's name without the body of its loop. */
function short(kernel: string): string {
  return /^\S+( \d+)?( \[[\d,]*\])?/.exec(kernel)![0];
}
