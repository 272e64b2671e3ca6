import Table from "cli-table3";
import colors from "picocolors";

/** A table for a terminal: the first columns aligned left, the others right. */
export function table(
  head: readonly string[],
  lines: readonly (readonly (string | number)[])[],
  leftAligned = 1,
): string {
  const style = colors.isColorSupported
    ? { head: ["bold"], border: ["dim"], compact: true }
    : { head: [], border: [], compact: true };
  const drawn = new Table({
    head: [...head],
    style,
    colAligns: head.map((_, i) => (i < leftAligned ? "left" : "right")),
  });
  drawn.push(...lines.map((line) => [...line]));
  return drawn.toString();
}

/** Three significant digits; small values have two decimals. */
export const figure = (x: number): string => x.toFixed(x < 10 ? 2 : x < 1000 ? 1 : 0);

/** Items in groups of the same name, in the order in which names first appear. */
export function groups<T>(all: readonly T[], nameOf: (item: T) => string): [string, T[]][] {
  const byName = new Map<string, T[]>();
  for (const item of all) byName.set(nameOf(item), [...(byName.get(nameOf(item)) ?? []), item]);
  return [...byName];
}
