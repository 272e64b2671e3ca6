import { dtypes } from "./dtypes.js";

/**
 * Where a tensor is in the file, according to the header; offsets count from the end of the header.
 */
export interface Entry {
  readonly name: string;
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly begin: number;
  readonly end: number;
}

export interface Header {
  readonly entries: readonly Entry[];
  readonly metadata: Record<string, string>;
}

/** The format's own limit, so that a file of ours is never too large for another reader. */
export const maxHeaderBytes = 100_000_000;
const maxDepth = 64;

/**
 * Reads and checks a header; `dataBytes` is what follows it. Throws the error that `fail` makes.
 */
export function parseHeader(
  text: string,
  dataBytes: number,
  fail: (problem: string) => Error,
): Header {
  if (text[0] !== "{")
    throw fail(`expected the header to begin with "{", got ${show(text.slice(0, 20))}`);
  try {
    JSON.parse(text);
  } catch (error) {
    throw fail(`expected the header to be JSON: ${(error as Error).message}`);
  }
  const metadata: Record<string, string> = Object.create(null);
  const entries: Entry[] = [];
  for (const [name, value] of Object.entries(strictly(text, fail) as object) as [string, Json][]) {
    if (name === "__metadata__") readMetadata(value, metadata, fail);
    else entries.push(readEntry(name, value, dataBytes, fail));
  }
  entries.sort((a, b) => a.begin - b.begin || a.end - b.end);
  let covered = 0;
  for (const { name, begin, end } of entries) {
    if (begin !== covered) {
      const what =
        begin > covered ? "leaves bytes that belong to no tensor" : "overlaps the tensor before it";
      throw fail(
        `tensor ${show(name)} begins at byte ${begin} of the data and ${what}, expected ${covered}`,
      );
    }
    covered = end;
  }
  if (covered !== dataBytes)
    throw fail(`expected the tensors to fill ${dataBytes} bytes of data, got ${covered}`);
  return { entries, metadata };
}

type Json = string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json };

/**
 * The value of a text that is valid JSON. What JSON.parse accepts and the format does not is
 * refused: a name given twice, deep nesting, half of a surrogate pair, and numbers written as
 * fractions, exponents or with a sign.
 *
 * Objects are not left to JSON.parse for another reason too: V8 (Node 24.21 always, 20.20 now and
 * then) may take a name that is written with escapes for an earlier one: after
 * `{"\\": 1}`, it reads `{"\"": 1}` as `{"\\": 1}`.
 */
function strictly(text: string, fail: (problem: string) => Error): Json {
  let index = 0;
  const scalar = /[^\s,\]}]+/y;
  const skip = (): void => {
    while (" \t\n\r".includes(text[index]!)) index++;
  };
  const word = (): string => {
    const begin = index;
    while (text[++index] !== '"') if (text[index] === "\\") index++;
    const value = JSON.parse(text.slice(begin, ++index)) as string;
    if (/\p{Surrogate}/u.test(value))
      throw fail(`expected text, got half of a surrogate pair in ${show(value)}`);
    return value;
  };
  const value = (depth: number): Json => {
    skip();
    const open = text[index];
    if (open === '"') return word();
    if (open !== "{" && open !== "[") {
      scalar.lastIndex = index;
      const [token] = scalar.exec(text)!;
      if (/[-.eE]/.test(token) && !/^[tfn]/.test(token))
        throw fail(
          "expected whole numbers of digits alone in the header, got " +
            `${show(text.slice(Math.max(0, index - 20), index + 10))}`,
        );
      index += token.length;
      return JSON.parse(token) as Json;
    }
    if (depth === maxDepth) throw fail(`expected at most ${maxDepth} nested levels in the header`);
    const items: Json[] = [];
    const fields: Record<string, Json> = Object.create(null);
    for (index++, skip(); !"]}".includes(text[index]!); skip()) {
      if (text[index] === ",") index++;
      skip();
      if (open === "[") {
        items.push(value(depth + 1));
        continue;
      }
      const name = word();
      if (name in fields) throw fail(`the name ${show(name)} is given twice`);
      skip();
      index++; // the colon
      fields[name] = value(depth + 1);
    }
    index++;
    return open === "[" ? items : fields;
  };
  return value(0);
}

function readMetadata(
  value: Json,
  into: Record<string, string>,
  fail: (problem: string) => Error,
): void {
  if (!isObject(value))
    throw fail(`expected __metadata__ to be an object of strings, got ${show(value)}`);
  for (const [key, text] of Object.entries(value)) {
    if (typeof text !== "string")
      throw fail(`expected __metadata__[${show(key)}] to be a string, got ${show(text)}`);
    into[key] = text;
  }
}

function readEntry(
  name: string,
  value: Json,
  dataBytes: number,
  fail: (problem: string) => Error,
): Entry {
  const bad = (problem: string): Error => fail(`tensor ${show(name)}: ${problem}`);
  if (!isObject(value)) throw bad(`expected {dtype, shape, data_offsets}, got ${show(value)}`);
  const { dtype, shape, data_offsets: offsets } = value;
  if (typeof dtype !== "string") throw bad(`expected dtype to be a string, got ${show(dtype)}`);
  const width = dtypes.get(dtype)?.width;
  if (width === undefined)
    throw bad(`expected dtype to be one of ${[...dtypes.keys()].join(", ")}, got ${show(dtype)}`);
  if (!Array.isArray(shape) || !shape.every(isSize))
    throw bad(`expected shape to be a list of sizes, got ${show(shape)}`);
  if (!Array.isArray(offsets) || offsets.length !== 2 || !offsets.every(isSize)) {
    throw bad(`expected data_offsets to be two offsets, got ${show(offsets)}`);
  }
  const [begin, end] = offsets as [number, number];
  if (end < begin) throw bad(`expected data_offsets to rise, got ${show(offsets)}`);
  if (end > dataBytes)
    throw bad(`its data ends at byte ${end}, but the file has ${dataBytes} bytes of data`);
  let bytes = width;
  for (const size of shape as number[]) {
    bytes *= size;
    // Before a later zero can hide it: the format's own reader refuses a product that overflows on
    // the way.
    if (bytes > Number.MAX_SAFE_INTEGER) throw bad(`its shape ${show(shape)} is too large`);
  }
  if (bytes !== end - begin)
    throw bad(
      `shape ${show(shape)} of ${dtype} needs ${bytes} bytes, data_offsets give ${end - begin}`,
    );
  return { name, dtype, shape: shape as number[], begin, end };
}

function isObject(value: Json): value is { readonly [name: string]: Json } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isSize(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

/** A value in an error message: JSON, cut where it is long. */
export function show(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}
