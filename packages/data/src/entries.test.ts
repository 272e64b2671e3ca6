/// <reference types="node" />
import { everyExport, wrongArguments, wrongOptions } from "@tenon/testkit";
import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, test } from "vitest";
import * as csv from "./csv.js";
import * as files from "./node.js";

// The functions behind entries of their own, with something wrong in each of their places.

const folder = mkdtempSync(join(tmpdir(), "tenon-entries-"));
afterAll(() => rmSync(folder, { recursive: true }));
mkdirSync(join(folder, "a"));
writeFileSync(join(folder, "a", "1.png"), "1");
const idx = (axes: number): Uint8Array =>
  Uint8Array.of(0, 0, 8, axes, ...Array(axes).fill([0, 0, 0, 1]).flat(), 7);
for (const part of ["train", "t10k"]) {
  writeFileSync(join(folder, `${part}-images-idx3-ubyte`), idx(3));
  writeFileSync(join(folder, `${part}-labels-idx1-ubyte`), idx(1));
}
const decoders = { png: () => ({ width: 1, height: 1, channels: 3, data: new Uint8Array(3) }) };
const table = csv.readCsv("a,b\n1,2");

const exported = { ...csv, ...files } as unknown as Readonly<
  Record<string, (...args: readonly unknown[]) => unknown>
>;
/** The arguments of a right call, and which wrong ones it takes. */
const right: Readonly<
  Record<string, readonly [args: readonly unknown[], fine?: (value: unknown) => boolean]>
> = {
  columnsOf: [[table, {}]],
  encodeTable: [[table, csv.columnsOf(table)]],
  readCsv: [["a,b\n1,2", {}], (value) => value === "x"],
  readIdxFolder: [[folder]],
  readImageFolder: [[folder, { decoders }]],
};

everyExport(exported, Object.keys(right), {
  add: "add a right call to packages/data/src/entries.test.ts",
});

test.each(Object.entries(right))("%s refuses what makes no sense, by name", (name, [args, fine]) =>
  wrongArguments(
    name,
    exported[name]!,
    args,
    (value) => fine?.(value) ?? (typeof args[0] === "string" && value === "x"),
  ),
);

test.each(Object.entries(right))(
  "%s says in an error about an option which one",
  (name, [args]) => {
    const last = args[1];
    return wrongOptions(
      name,
      (options) => exported[name]!(args[0], ...(name === "encodeTable" ? [last] : []), options),
      name === "encodeTable" ? {} : (last as object),
    );
  },
);
