import { expect, test } from "vitest";

/**
 * A test that every export of a package has a row in a table, and that says what to add for one
 * that has none.
 *
 * @param exported the package: `import * as exported from "./index.js"`
 * @param rows the titles of the table's rows, each an export's name, perhaps with more after a
 *   comma
 * @param options `besides`, exports that the table is not about, and `add`, what a new one needs
 */
export function everyExport(
  exported: object,
  rows: readonly string[],
  { besides = [], add }: { readonly besides?: readonly string[]; readonly add: string },
): void {
  test("every export has a row", () => {
    const tried = new Set([...rows.map((row) => row.split(",")[0]!), ...besides]);
    const names = Object.keys(exported);
    const missing = names.filter((name) => !tried.has(name));
    if (missing.length > 0) expect.fail(`no row for ${missing.join(", ")}: ${add}`);
    expect(besides.filter((name) => !names.includes(name))).toEqual([]);
  });
}
