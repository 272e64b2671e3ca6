import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import ts from "typescript";
import { afterAll, beforeAll, expect, test } from "vitest";
import { declarationProblems, installed } from "../lib/declarations.mjs";
import { capture } from "../lib/run.mjs";

let home;
beforeAll(() => {
  home = realpathSync(mkdtempSync(join(tmpdir(), "tenon-declarations-")));
});
afterAll(() => rmSync(home, { recursive: true, force: true }));

/** A package with these declarations, packed, installed and checked. */
async function problemsOf(declarations, settings) {
  const from = mkdtempSync(join(home, "from-"));
  const path = join(from, "package");
  mkdirSync(path);
  const manifest = {
    name: "@tenon/one",
    version: "1.0.0",
    type: "module",
    exports: { ".": { types: "./index.d.ts", default: "./index.js" } },
  };
  writeFileSync(join(path, "package.json"), JSON.stringify(manifest));
  writeFileSync(join(path, "index.js"), "export {};\n");
  writeFileSync(join(path, "index.d.ts"), declarations);
  const tarball = join(from, "one.tgz");
  expect((await capture("tar", ["-czf", tarball, "-C", from, "package"])).code).toBe(0);
  const folder = join(from, "installed");
  await installed(folder, [{ name: "@tenon/one", tarball, manifest }]);
  return declarationProblems(folder, ts, settings);
}

test("declarations without dependencies are sound, for every way in which modules are resolved", async () => {
  expect(
    await problemsOf(
      "export declare function f(x: Float32Array): AsyncGenerator<number, void, void>;\n",
    ),
  ).toEqual([]);
});

test("a package that is never published is missed", async () => {
  expect(
    await problemsOf(
      'import { I32 } from "@tenon/emit";\nexport declare function f(x: I32): I32;\n',
      ["bundler"],
    ),
  ).toEqual([
    expect.stringMatching(
      /^TypeScript .* says @tenon\/one\/index\.d\.ts:1: Cannot find module '@tenon\/emit'.*\(always\)$/,
    ),
  ]);
});

test("a name that only a page or Node has is found where neither is", async () => {
  expect(
    await problemsOf("export interface Options { readonly signal?: AbortSignal }\n", ["nodenext"]),
  ).toEqual([
    expect.stringMatching(
      /@tenon\/one\/index\.d\.ts:1: Cannot find name 'AbortSignal'\. \(nodenext\)$/,
    ),
  ]);
  expect(await problemsOf("export declare const bytes: Buffer;\n", ["node16"])).toEqual([
    expect.stringMatching(/Cannot find name 'Buffer'.*\(node16; node16, with DOM\)$/),
  ]);
});

test("an import that cannot be found is found", async () => {
  expect(await problemsOf('export * from "./lost.js";\n', ["node16"])).toEqual([
    expect.stringContaining("Cannot find module './lost.js'"),
  ]);
});
