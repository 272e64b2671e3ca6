import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { completed, manifestProblems } from "../lib/manifests.mjs";
import { codeProblems, contentProblems } from "../lib/published.mjs";
import { workspace } from "../lib/root.mjs";

const from = {
  homepage: "https://example.org/our/nets",
  keywords: ["net"],
  license: "MIT",
  author: "Somebody",
  engines: { node: ">=20" },
};
const one = {
  folder: "one",
  manifest: {
    name: "@our/one",
    version: "1.2.3",
    description: "The first.",
    keywords: ["first"],
    publishConfig: { exports: { ".": "./dist/index.js" } },
  },
};

test("all packages have what is common to them", () => {
  expect(workspace("packages").flatMap((entry) => manifestProblems(entry))).toEqual([]);
});

test("what is common comes from the root, and the words of a package stay", () => {
  const manifest = completed(one, from);
  expect(manifest).toMatchObject({
    keywords: ["net", "first"],
    homepage: "https://example.org/our/nets/tree/main/packages/one#readme",
    bugs: { url: "https://example.org/our/nets/issues" },
    repository: {
      type: "git",
      url: "git+https://example.org/our/nets.git",
      directory: "packages/one",
    },
    publishConfig: {
      access: "public",
      exports: { ".": "./dist/index.js", "./package.json": "./package.json" },
    },
  });
  expect(manifestProblems({ folder: "one", manifest }, from)).toEqual([]);
  expect(completed({ folder: "one", manifest }, from)).toEqual(manifest);
});

test.each(["keywords", "homepage", "bugs", "license", "author", "repository", "engines"])(
  "a manifest without %s is told",
  (field) => {
    const { [field]: _, ...manifest } = completed(one, from);
    expect(manifestProblems({ folder: "one", manifest }, from)).toEqual([
      expect.stringContaining(`expected ${field} as`),
    ]);
  },
);

test("a manifest of another license, and one without a description, are told", () => {
  const { description: _, ...manifest } = { ...completed(one, from), license: "ISC" };
  expect(manifestProblems({ folder: "one", manifest }, from)).toEqual([
    "package.json has no description",
    'package.json: expected license as "MIT", got "ISC"; run `npm run manifests`',
  ]);
});

let home;
beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), "tenon-published-"));
});
afterAll(() => rmSync(home, { recursive: true, force: true }));

/** A package of these files, as it would be unpacked. */
function unpacked(more, manifest = {}) {
  const path = mkdtempSync(join(home, "package-"));
  const files = { LICENSE: "MIT", "README.md": "# One", "package.json": "{}", ...more };
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(path, name)), { recursive: true });
    writeFileSync(join(path, name), text);
  }
  return { path, files: Object.fromEntries(Object.keys(files).map((name) => [name, 1])), manifest };
}

test("a tarball of code, types, a license and a page is sound", () => {
  const files = { "dist/index.js": "export {};", "dist/index.d.ts": "export {};" };
  expect(contentProblems(unpacked(files, { dependencies: { a: "^1.0.0" } }))).toEqual([]);
});

test("what nobody needs, and what is missing, are told", () => {
  const { path, files, manifest } = unpacked({ "src/index.ts": "", "dist/index.js": "" });
  delete files.LICENSE;
  expect(contentProblems({ path, files, manifest })).toEqual([
    "the tarball has no LICENSE",
    "nobody needs src/index.ts in the tarball",
  ]);
});

test("a manifest that was not rewritten for publication is told", () => {
  const manifest = { scripts: {}, dependencies: { "@our/two": "workspace:^" } };
  expect(contentProblems(unpacked({}, manifest))).toEqual([
    "the published package.json has scripts, which only this repository needs",
    "depends on @our/two workspace:^; expected ^ and a version",
  ]);
});

test("a page whose links lead to files that npm does not show is told", () => {
  const readme = "[here](#one), [there](https://example.org/a), [nowhere](../../docs/a.md)";
  expect(contentProblems(unpacked({ "README.md": readme }))).toEqual([
    "README.md links to ../../docs/a.md, which is not in the tarball",
  ]);
});

test("a source map must be there, and point at something", () => {
  const code = { "dist/index.js": "export {};\n//# sourceMappingURL=index.js.map\n" };
  const map = (sources, sourcesContent) => ({
    ...code,
    "dist/index.js.map": JSON.stringify({ sources, sourcesContent }),
  });
  expect(contentProblems(unpacked(code))).toEqual([
    "dist/index.js names index.js.map, which is missing",
  ]);
  expect(contentProblems(unpacked(map(["../src/index.ts"])))).toEqual([
    "dist/index.js.map names ../src/index.ts, which is missing",
  ]);
  expect(contentProblems(unpacked(map(["../src/index.ts"], ["export {};"])))).toEqual([]);
});

test("code that pages forbid is told", () => {
  expect(codeProblems("new Function('x')(); process.env.X; export const evaluate = 1;")).toEqual([
    "its code holds process.env",
    "its code holds new Function",
  ]);
});
