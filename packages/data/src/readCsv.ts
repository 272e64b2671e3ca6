import { badArgument, flag, known, shown } from "@tenon/guards";

/** A table of text: the names of its columns, and its rows. */
export interface Table {
  readonly names: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** In which line of the file each row begins, counted from 1. */
  readonly lines: readonly number[];
}

export interface ReadCsvOptions {
  /** What stands between fields, one character. @defaultValue "," */
  readonly delimiter?: string;
  /**
   * Whether the first row is the names of the columns; else they are "1", "2", … @defaultValue true
   */
  readonly header?: boolean;
}

/**
 * Reads comma-separated values: a table of text.
 *
 * Lines end in LF or CRLF; a field in quotes may hold delimiters, line ends and, doubled, quotes.
 * A byte order mark, and an empty last line, are skipped. Nothing is trimmed.
 *
 * Throws, with the number of the line, where a row has more or fewer fields than the first, a quote
 * is not closed or stands inside a field without quotes, or two columns have one name. pandas:
 * `read_csv`; TensorFlow.js: `tf.data.csv`.
 *
 * Shafranovich (2005), Common format and MIME type for CSV files. RFC 4180
 */
export function readCsv(text: string, options: ReadCsvOptions = {}): Table {
  const { delimiter = ",", header = true } = known("readCsv", options, "delimiter header");
  if (typeof text !== "string")
    throw badArgument("readCsv", "text", shown(text), "new TextDecoder().decode(bytes) makes it");
  if (typeof delimiter !== "string" || delimiter.length !== 1 || '"\r\n'.includes(delimiter))
    throw badArgument(
      "readCsv",
      "a delimiter of one character, no quote or line end",
      shown(delimiter),
    );
  flag("readCsv", "header", header);
  const { rows, lines } = rowsOf(text, delimiter);
  const first = rows[0];
  if (first === undefined) throw new Error("readCsv: expected at least one row, got an empty file");
  const wrong = rows.findIndex((row) => row.length !== first.length);
  if (wrong >= 0)
    throw new Error(
      `readCsv: expected ${first.length} fields in line ${lines[wrong]}, as in the first, got ${rows[wrong].length}` +
        otherDelimiter(text, delimiter),
    );
  const names = header ? first : first.map((_, i) => `${i + 1}`);
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined)
    throw new Error(`readCsv: expected columns with names of their own, got ${shown(twice)} twice`);
  const from = header ? 1 : 0;
  return { names, rows: rows.slice(from), lines: lines.slice(from) };
}

/** What to try where the first line has another delimiter than the one that is looked for. */
function otherDelimiter(text: string, delimiter: string): string {
  const [first] = text.split("\n", 1);
  const other = first.includes(delimiter) ? undefined : /[;\t|]/.exec(first)?.[0];
  return other ? `; fields seem to be separated by ${shown(other)}: say it as delimiter` : "";
}

function rowsOf(
  text: string,
  delimiter: string,
): { readonly rows: string[][]; readonly lines: number[] } {
  const rows: string[][] = [];
  const lines: number[] = [];
  let place = text[0] === "\uFEFF" ? 1 : 0;
  let line = 1;
  const isEnd = (): boolean =>
    place === text.length || text[place] === "\n" || text.startsWith("\r\n", place);
  /** The field in quotes that begins here. */
  const quoted = (): string => {
    const begin = line;
    let field = "";
    for (place++; ; place += 2) {
      const close = text.indexOf('"', place);
      if (close < 0)
        throw new Error(`readCsv: the quote that opens in line ${begin} is never closed`);
      field += text.slice(place, close);
      place = close;
      if (text[place + 1] !== '"') break;
      field += '"';
    }
    place++;
    line += field.split("\n").length - 1;
    if (!isEnd() && text[place] !== delimiter)
      throw new Error(
        `readCsv: expected ${shown(delimiter)} or the end of line ${line} after a quote that closes, got ` +
          `${shown(text[place])}; a quote in a field is written twice`,
      );
    return field;
  };
  const plain = (): string => {
    const begin = place;
    while (!isEnd() && text[place] !== delimiter) {
      if (text[place] === '"')
        throw new Error(
          `readCsv: a quote inside a field in line ${line}` +
            (otherDelimiter(text, delimiter) ||
              "; put the field in quotes and write the quote twice"),
        );
      place++;
    }
    return text.slice(begin, place);
  };
  while (place < text.length) {
    const row: string[] = [];
    lines.push(line);
    for (;;) {
      row.push(text[place] === '"' ? quoted() : plain());
      if (isEnd()) break;
      place++; // the delimiter
    }
    rows.push(row);
    place += text[place] === "\r" ? 2 : 1;
    line++;
  }
  return { rows, lines };
}
