/**
 * Characters that fill two columns: Hangul, Chinese and Japanese characters, full-width forms
 * (East_Asian_Width W and F, https://www.unicode.org/reports/tr11).
 */
const wide =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]/g;

/** The number of columns of a text; colours count as none. */
export function widthOf(text: string): number {
  const plain = text.replace(/\x1b\[[\d;]*m/g, "");
  return plain.length + (plain.match(wide)?.length ?? 0);
}

/** A text that is padded with spaces to at least this many columns. */
export const padded = (text: string, columns: number): string =>
  text + " ".repeat(Math.max(0, columns - widthOf(text)));

/**
 * Parts in lines of at most `columns` columns; no part is broken. Lines after the first are
 * indented, unless a part needs the space. `end`: what ends a line.
 */
export function flowed(
  parts: readonly string[],
  columns: number,
  {
    gap = 2,
    indent = 2,
    end = "\n",
  }: { readonly gap?: number; readonly indent?: number; readonly end?: string } = {},
): string {
  const lines: string[] = [];
  let line = "";
  let width = 0;
  for (const part of parts) {
    const partWidth = widthOf(part);
    if (line !== "" && width + gap + partWidth > columns) {
      lines.push(line);
      const before = Math.max(0, Math.min(indent, columns - partWidth));
      [line, width] = [" ".repeat(before) + part, before + partWidth];
    } else {
      [line, width] =
        line === "" ? [part, partWidth] : [line + " ".repeat(gap) + part, width + gap + partWidth];
    }
  }
  return [...lines, line].join(end);
}

/** A sentence in lines of at most `columns` columns, broken between words. */
export const wrapped = (text: string, columns: number, indent = 0): string =>
  flowed(text.split(" "), columns, { gap: 1, indent });

/** A sentence in lines that are all indented. */
export function indented(text: string, columns: number, indent: number): string {
  const [first = "", ...others] = text.split(" ");
  return flowed([" ".repeat(indent) + first, ...others], columns, { gap: 1, indent });
}

/** A table without its second column, where it would be too wide. `header` is its first line. */
export function narrowed(table: string, columns: number): string {
  const lines = table.split("\n");
  const { length } = lines[0]!;
  if (length <= columns) return table;
  const [from, to] = [lines[0]!.indexOf("type"), lines[0]!.indexOf("output")];
  return lines
    .map((line) => (line.length === length ? line.slice(0, from) + line.slice(to) : line))
    .join("\n");
}
