import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { forbiddenImports, forbiddenInBuilt } from "../lib/boundaries.mjs";
import { importTable, withImportTable } from "../lib/boundaries.mjs";
import { root, workspace } from "../lib/root.mjs";

const dependencies = { "@tenon/contracts": "workspace:^" };
const table = {
  optimizers: { imports: ["contracts"] },
  data: { imports: ["contracts"], bundles: ["random"] },
};
let folder;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "tenon-boundaries-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** A package with these files, in the form that `forbiddenImports` takes. */
function packageOf(name, files, manifest = {}) {
  const path = mkdtempSync(join(folder, "package-"));
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(dirname(join(path, file)), { recursive: true });
    writeFileSync(join(path, file), text);
  }
  return {
    group: "packages",
    folder: name,
    path,
    manifest: { name: `@tenon/${name}`, dependencies, ...manifest },
  };
}

const problems = (...packages) => forbiddenImports(packages, table);

test("the packages of this repository import only what they may", () => {
  expect(forbiddenImports(workspace())).toEqual([]);
});

test("docs/architecture.md has the table of these imports", () => {
  const page = readFileSync(join(root, "docs", "architecture.md"), "utf8");
  expect(withImportTable(page, workspace())).toBe(page);
  expect(() => withImportTable("# A page", [])).toThrow(/expected a table between/);
});

test("the table has a row for each package", () => {
  const data = packageOf("data", {}, { description: "Files to batches." });
  expect(importTable([data], table).split("\n")).toEqual([
    "| package | contents          | imports     | bundles  |",
    "| ------- | ----------------- | ----------- | -------- |",
    "| `data`  | Files to batches. | `contracts` | `random` |",
  ]);
});

test("a leaf that imports another leaf is found, in every form of import", () => {
  const forms = [
    'import { random } from "@tenon/random";',
    'import type { Rng } from "@tenon/random";',
    'export * from "@tenon/random";',
    'const x = await import("@tenon/random");',
  ];
  for (const text of forms)
    expect(problems(packageOf("optimizers", { "src/index.ts": text }))).toEqual([
      "optimizers/src/index.ts: may not import @tenon/random",
    ]);
});

test("allowed imports pass", () => {
  expect(
    problems(
      packageOf("optimizers", {
        "src/index.ts":
          'import type { Transform } from "@tenon/contracts"; export * from "./adam.js";',
      }),
    ),
  ).toEqual([]);
});

test("an import that leaves the package is found", () => {
  expect(
    problems(
      packageOf("optimizers", {
        "src/index.ts": 'import "./a/b.js";',
        "src/a/b.ts": 'import "../../../random/src/index.js";',
      }),
    ),
  ).toEqual([
    "optimizers/src/a/b.ts: ../../../random/src/index.js leaves the package; import its " +
      "package by name",
  ]);
});

test("a third-party library is found, in sources and in package.json", () => {
  const found = problems(
    packageOf(
      "optimizers",
      { "src/index.ts": 'import map from "lodash/map";' },
      { dependencies: { ...dependencies, lodash: "1" } },
    ),
  );
  expect(found).toEqual([
    "optimizers/package.json: may not depend on lodash",
    "optimizers/src/index.ts: may not import lodash/map",
  ]);
});

test("tests may import only what package.json names", () => {
  const text = 'import "vitest"; import "@tenon/testkit"; import "@tenon/layers";';
  expect(
    problems(
      packageOf(
        "optimizers",
        { "src/a.test.ts": text },
        { devDependencies: { "@tenon/testkit": "1" } },
      ),
    ),
  ).toEqual(["optimizers/src/a.test.ts: may not import @tenon/layers"]);
});

test("a helper of tests has their imports, unless a shipped file imports it", () => {
  const files = {
    "src/internal/check.ts": 'import "vitest";',
    "src/a.test.ts": 'import "./internal/check.js";',
  };
  expect(problems(packageOf("optimizers", { ...files, "src/index.ts": "" }))).toEqual([]);
  expect(
    problems(
      packageOf("optimizers", { ...files, "src/index.ts": 'import "./internal/check.js";' }),
    ),
  ).toEqual(["optimizers/src/internal/check.ts: may not import vitest"]);
});

test("bundled packages must be dependencies of the build", () => {
  const files = { "src/index.ts": 'import { random } from "@tenon/random";' };
  expect(problems(packageOf("data", files, { devDependencies: { "@tenon/random": "1" } }))).toEqual(
    [],
  );
  expect(problems(packageOf("data", files))).toEqual([
    "data/src/index.ts: may not import @tenon/random",
  ]);
});

test("node: modules are found where src/index.ts reaches them", () => {
  const files = {
    "src/index.ts": 'export * from "./a.js";',
    "src/a.ts": 'import "node:fs";',
    "src/node.ts": 'export * from "./b.js";',
    "src/b.ts": 'import "node:fs";',
  };
  expect(problems(packageOf("data", files))).toEqual([
    "data/src/a.ts: node:fs is for entries of Node only, and src/index.ts reaches this file",
  ]);
});

test("a package without a row is found", () => {
  expect(problems(packageOf("utils", { "src/index.ts": "" }))).toEqual([
    "utils: no row in scripts/lib/boundaries.mjs says what it may import",
  ]);
});

test("built JavaScript that imports anything is found, also through a chunk", () => {
  const built = (files) => forbiddenInBuilt([packageOf("data", files)]);
  expect(built({})).toEqual(["data: not built"]);
  expect(
    built({
      "dist/index.js": 'import "./chunk-A.js";',
      "dist/chunk-A.js": 'import { random } from "@tenon/random";',
    }),
  ).toEqual(["data/dist/index.js: imports @tenon/random; it must import nothing"]);
  expect(
    built({ "dist/index.js": 'import "node:fs";', "dist/node.js": 'import "node:fs";' }),
  ).toEqual(["data/dist/index.js: imports node:fs; it must import nothing"]);
});
