import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { apiReport, declarationsOf, unexported } from "../lib/apiReport.mjs";
import { root } from "../lib/root.mjs";

const folder = join(root, ".cache", "api-report");
const files = {
  "index.d.ts": `import { NDArray, Shape as Shape$1, Unused } from '@tenon/contracts';
import { O as Options } from './shared-1a.js';
export { r as read } from './shared-1a.js';

/** Doubles. @defaultValue 1 */
declare function twice(x: number): number;
declare function twice(x: NDArray, shape?: Shape$1): NDArray;
interface Hidden { readonly a: Other }
type Other = "x" | "y";
interface Needless { readonly b: number }
declare const a: Hidden;

export { type Options, a, a as alias, twice };
`,
  "shared-1a.d.ts": `interface Options {
    /** What it is. */
    readonly size?: number;
}
declare function read(options: Options): void;
declare function elsewhere(): void;

export { type Options as O, elsewhere as e, read as r };
`,
};

beforeAll(() => {
  mkdirSync(folder, { recursive: true });
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
});
afterAll(() => rmSync(folder, { recursive: true }));

const report = () => declarationsOf(join(folder, "index.d.ts")).join("\n").replace(/\s+/g, " ");

test("a report has what is exported and what that refers to, by name, without comments", () => {
  expect(report()).toBe(
    'import type { NDArray, Shape as Shape$1 } from "@tenon/contracts"; ' +
      "export interface Options { readonly size?: number; } " +
      "export const a: Hidden; export { a as alias }; " +
      "export function read(options: Options): void; " +
      "export function twice(x: number): number; " +
      "export function twice(x: NDArray, shape?: Shape$1): NDArray; " +
      "interface Hidden { readonly a: Other; } " +
      'type Other = "x" | "y";',
  );
});

test("a changed type changes the report, a moved or commented one does not", () => {
  const before = report();
  const write = (text) => writeFileSync(join(folder, "index.d.ts"), text);
  const [head, ...rest] = files["index.d.ts"].split("\n\n");
  write(`${head}\n\n${rest.reverse().join("\n\n")}`.replace("Doubles", "Halves"));
  expect(report()).toBe(before);
  write(files["index.d.ts"].replace('"y"', '"z"'));
  expect(report()).not.toBe(before);
  write(files["index.d.ts"].replace("type Options, a", "type Gone, a"));
  expect(report).toThrow("exports Gone, not declared there");
  write(files["index.d.ts"]);
});

test("a package's report has a part for each entry that has types", () => {
  const exports = {
    ".": { types: "./index.d.ts", default: "./index.js" },
    "./shared": { types: "./shared-1a.d.ts" },
    "./package.json": "./package.json",
  };
  const text = apiReport({
    path: folder,
    manifest: { name: "@tenon/x", publishConfig: { exports } },
  });
  expect(text.match(/^## .*$/gm)).toEqual(["## @tenon/x", "## @tenon/x/shared"]);
});

test("a type that exports refer to and no entry exports is found", () => {
  const exports = { ".": { types: "./index.d.ts" }, "./package.json": "./package.json" };
  expect(unexported({ path: folder, manifest: { publishConfig: { exports } } })).toEqual([
    "Hidden",
    "Other",
  ]);
});
