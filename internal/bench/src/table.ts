import Table from "cli-table3";
import colors from "picocolors";

/** A table for a terminal: the first columns aligned left, the others right. */
export function table(
  head: readonly string[],
  lines: readonly (readonly (string | number)[])[],
  left = 1,
): string {
  const style = colors.isColorSupported
    ? { head: ["bold"], border: ["dim"], compact: true }
    : { head: [], border: [], compact: true };
  const made = new Table({
    head: [...head],
    style,
    colAligns: head.map((_, i) => (i < left ? "left" : "right")),
  });
  made.push(...lines.map((line) => [...line]));
  return made.toString();
}

/** Three digits that count, of small values two behind the point. */
export const figure = (x: number): string => x.toFixed(x < 10 ? 2 : x < 1000 ? 1 : 0);

/** What has the same name stands together, in the order in which names first appear. */
export function groups<T>(all: readonly T[], nameOf: (one: T) => string): [string, T[]][] {
  const made = new Map<string, T[]>();
  for (const one of all) made.set(nameOf(one), [...(made.get(nameOf(one)) ?? []), one]);
  return [...made];
}
