/// <reference types="node" />
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** Numbers with a shape, row-major. */
export interface GoldenArray {
  readonly shape: readonly number[];
  readonly data: readonly number[];
}

/** What another library computed. The README says what each file's rows hold. */
export interface GoldenRow {
  /** Unique in its file. */
  readonly id: string;
  readonly lib: string;
  /** The library's own name. */
  readonly name: string;
  /** The library's own arguments; absent means its default. */
  readonly options: Readonly<Record<string, unknown>>;
  /** How exact the library itself was; absent means float64. */
  readonly precision?: "float32" | "bfloat16";
  readonly [key: string]: unknown;
}

const folder = (): string =>
  process.env["TENON_GOLDEN"] ?? fileURLToPath(new URL("../vectors", import.meta.url));

/**
 * Whether TENON_GOLDEN names a folder that holds other files and not this one: the generator can
 * write some of them only.
 */
const leftOut = (file: string): boolean =>
  process.env["TENON_GOLDEN"] !== undefined &&
  !existsSync(join(folder(), file)) &&
  readdirSync(folder()).some((name) => name.endsWith(".json") && name !== "manifest.json");

/**
 * The rows of a file, such as `"optimizers"`, from the project's own vectors or from the folder
 * that TENON_GOLDEN names; none if that folder leaves the file out.
 */
export function golden<Row extends GoldenRow = GoldenRow>(file: string): Row[] {
  if (leftOut(`${file}.json`)) return [];
  return numeric(JSON.parse(readFileSync(join(folder(), `${file}.json`), "utf8"))) as Row[];
}

/** The bytes of a file next to them, such as `"safetensors/special.safetensors"`. */
export function goldenFile(path: string): Uint8Array {
  return new Uint8Array(readFileSync(join(folder(), path)));
}

const numbers: Readonly<Record<string, number>> = {
  NaN: NaN,
  Infinity: Infinity,
  "-Infinity": -Infinity,
};

/** JSON has no NaN and no infinities: in lists of numbers they are written as text. */
function numeric(value: unknown): unknown {
  if (Array.isArray(value)) {
    const all = value.every(
      (x) => typeof x === "number" || (typeof x === "string" && Object.hasOwn(numbers, x)),
    );
    return value.map((x: unknown) => (all && typeof x === "string" ? numbers[x] : numeric(x)));
  }
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, x]) => [key, numeric(x)]));
}
