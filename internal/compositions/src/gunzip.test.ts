import { mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { afterAll, beforeAll, expect, test } from "vitest";
import { browser, inBrowser, isolated } from "./browser.js";
import { printed, programOf, skipped } from "./programs.js";

// Files of several members, padded, damaged or followed by something else: platforms differ,
// `gunzip` does not.

const bytes = (...parts: readonly (string | readonly number[] | Uint8Array)[]): string =>
  Buffer.concat(
    parts.map((part) => (typeof part === "string" ? Buffer.from(part) : Buffer.from(part))),
  ).toString("base64");
const first = new Uint8Array(gzipSync("one "));
const second = new Uint8Array(gzipSync("two"));
const empty = new Uint8Array(gzipSync(""));
const changed = (from: Uint8Array, index: number): Uint8Array =>
  from.map((byte, i) => (i === index ? byte ^ 1 : byte));
const damaged = (why: string): string => `gunzip: the gzip data is damaged or cut short (${why})`;
const checksum = damaged("a wrong checksum or size of what begins at byte 0");
const follows = damaged(`what follows at byte ${first.length} is neither gzip nor zeros`);

const cases: readonly (readonly [what: string, file: string, outcome: string])[] = [
  ["one member", bytes(first), "one "],
  ["nothing in it", bytes(empty), ""],
  ["two members", bytes(first, second), "one two"],
  ["empty members around", bytes(empty, first, empty, second, empty), "one two"],
  ["zeros after", bytes(first, new Array<number>(512).fill(0)), "one "],
  ["one zero after", bytes(second, [0]), "two"],
  ["zeros between", bytes(first, [0, 0, 0], second, [0]), "one two"],
  ["garbage after", bytes(first, "garbage"), follows],
  ["a byte after", bytes(first, [1]), follows],
  [
    "garbage after a zero",
    bytes(first, [0], "late"),
    damaged(`what follows at byte ${first.length + 1} is neither gzip nor zeros`),
  ],
  ["the last bytes twice", bytes(first, first.subarray(-8)), follows],
  ["half a second member", bytes(first, second.subarray(0, 12)), damaged("cut short")],
  ["a byte of a second member", bytes(first, second.subarray(0, 1)), damaged("cut short")],
  ["no end", bytes(first.subarray(0, -1)), damaged("cut short")],
  ["no trailer", bytes(first.subarray(0, -8)), damaged("cut short")],
  ["a wrong checksum", bytes(changed(first, first.length - 8)), checksum],
  ["a wrong size", bytes(changed(first, first.length - 4)), checksum],
  [
    "a wrong checksum in the second",
    bytes(first, changed(second, second.length - 5)),
    damaged(`a wrong checksum or size of what begins at byte ${first.length}`),
  ],
  [
    "another method",
    bytes([0x1f, 0x8b, 9], first.subarray(3)),
    damaged("a header of another format at byte 0"),
  ],
  [
    "reserved flags",
    bytes([0x1f, 0x8b, 8, 0xe0], first.subarray(4)),
    damaged("a header of another format at byte 0"),
  ],
];

const folder = realpathSync(mkdtempSync(join(tmpdir(), "tenon-gunzip-")));
const main = join(folder, "main.mjs");
afterAll(() => rmSync(folder, { recursive: true }));
let code = "";
beforeAll(async () => {
  const { outputFiles } = await build({
    stdin: {
      resolveDir: import.meta.dirname,
      loader: "ts",
      contents: `
      import { gunzip } from "@tenon/data";
      const cases = ${JSON.stringify(cases.map(([, file]) => file))};
      const outcome = (file) => gunzip(Uint8Array.from(atob(file), (c) => c.charCodeAt(0))).then((inside) => new TextDecoder().decode(inside), (error) => error.message);
      globalThis.done = Promise.all(cases.map(outcome));
      if (!globalThis.document) console.log(JSON.stringify(await globalThis.done));`,
    },
    bundle: true,
    format: "esm",
    platform: "neutral",
    target: "es2022",
    write: false,
  });
  code = outputFiles[0]!.text;
  writeFileSync(main, code);
});
const named = (outcomes: readonly string[]): object =>
  Object.fromEntries(cases.map(([what], i) => [what, outcomes[i]]));
const expected = named(cases.map(([, , outcome]) => outcome));

test.for([
  { where: "this Node", from: process.execPath, args: [main], missing: "" },
  {
    where: "a newer Node",
    from: programOf("TENON_NODE24", ["node"], 22),
    args: [main],
    missing: "no Node ≥ 22 on the path or in TENON_NODE24",
  },
  {
    where: "Deno",
    from: programOf("TENON_DENO", ["deno"]),
    args: ["run", "--no-prompt", main],
    missing: "no deno on the path or in TENON_DENO",
  },
  {
    where: "Bun",
    from: programOf("TENON_BUN", ["bun"]),
    args: [main],
    missing: "no bun on the path or in TENON_BUN",
  },
])(
  "$where unpacks and refuses the same gzip files",
  async ({ where, from, args, missing }, context) => {
    if (!from)
      return skipped(
        context,
        `${missing}, so what ${where} makes of gzip files was not tested; .ci/run fetches it`,
      );
    const { code: status, out, err } = await printed(from, args, 20_000);
    expect({ status, err }).toEqual({ status: 0, err: "" });
    expect(named(JSON.parse(out) as string[])).toEqual(expected);
  },
);

test("a browser unpacks and refuses the same gzip files", async (context) => {
  if (!browser)
    return skipped(
      context,
      "no Chromium on this machine, so what a page makes of gzip files was not tested; install " +
        "one or name it in CHROMIUM",
    );
  const page = '<!doctype html><script type="module" src="/main.js"></script>';
  expect(
    named(
      (await inBrowser({ "/index.html": page, "/main.js": code }, isolated, "done")) as string[],
    ),
  ).toEqual(expected);
});
