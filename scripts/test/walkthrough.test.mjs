import { execFile } from "node:child_process";
import { appendFileSync, cpSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { blocksOf } from "../lib/examples.mjs";
import { root } from "../lib/root.mjs";

const run = promisify(execFile);
const files = blocksOf(join(root, "CONTRIBUTING.md")).filter(({ file }) => file);
const home = join(root, "packages", "schedulers"), copy = join(root, ".cache", "walkthrough", "packages", "schedulers");

test("a new module is four files: itself, its test, one line in index.ts, one changeset", () => {
  expect(files.map(({ file }) => file)).toEqual([
    "packages/schedulers/src/inverseSquareRoot.ts",
    "packages/schedulers/src/inverseSquareRoot.test.ts",
    "packages/schedulers/src/index.ts",
    ".changeset/inverse-square-root.md",
  ]);
  expect(files[2].text).toMatch(/^export \* from "\.\/\w+\.js";\n$/);
});

test("the walk-through of CONTRIBUTING.md compiles and passes in a copy of the package", { timeout: 120_000 }, async () => {
  rmSync(copy, { recursive: true, force: true });
  mkdirSync(copy, { recursive: true });
  cpSync(join(home, "src"), join(copy, "src"), { recursive: true, filter: (file) => !file.endsWith(".test.ts") });
  cpSync(join(home, "package.json"), join(copy, "package.json"));
  symlinkSync(join(home, "node_modules"), join(copy, "node_modules"), "junction");
  writeFileSync(join(copy, "tsconfig.json"), JSON.stringify({ extends: join(root, "tsconfig.base.json"), include: ["src"] }));
  for (const { file, text } of files.slice(0, 3)) {
    const place = join(copy, "..", "..", file);
    mkdirSync(dirname(place), { recursive: true });
    (file.endsWith("index.ts") ? appendFileSync : writeFileSync)(place, text);
  }
  const bin = (name, script) => [process.execPath, [join(root, "node_modules", name, script)]];
  const [node, tsc] = bin("typescript", "bin/tsc"), [, vitest] = bin("vitest", "vitest.mjs");
  await run(node, [...tsc, "--noEmit", "-p", copy]).catch(({ stdout }) => expect.fail(stdout));
  const { stdout } = await run(node, [...vitest, "run", "--root", join(copy, "..", "..")], { env: { ...process.env, NO_COLOR: "1" } }).catch(({ stdout, stderr }) => expect.fail(stdout + stderr));
  expect(stdout).toMatch(/Test Files +1 passed/);
});
