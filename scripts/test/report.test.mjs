import { execFile } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { tally, testsOf } from "../lib/report.mjs";
import { root } from "../lib/root.mjs";

const folder = join(root, ".cache", "report");
const report = join(folder, "report.json");
const place = join(folder, "packages", "some", "src"); // where vitest.config.ts searches

/** What vitest reports of these files. */
async function reported(files) {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(place, { recursive: true });
  for (const [name, text] of Object.entries(files)) writeFileSync(join(place, name), text);
  const args = [
    join(root, "node_modules", "vitest", "vitest.mjs"),
    "run",
    "--root",
    folder,
    "--reporter=json",
    `--outputFile.json=${report}`,
  ];
  const failed = await promisify(execFile)(process.execPath, args).then(
    () => false,
    () => true,
  );
  return { failed, tests: testsOf(report) };
}

test("what passes, fails and is skipped is counted; golden rows that are not covered say why, by kind", async () => {
  const { failed, tests } = await reported({
    "a.golden.test.ts": `
      import { expect } from "vitest";
      import { goldenSuite, notCovered } from ${JSON.stringify(join(root, "internal/testkit/src/goldenSuite.ts"))};
      const row = (id, name, options = {}) => ({ id, lib: "torch", name, options });
      goldenSuite("numbers", [row("1", "Right"), row("2", "Wrong"), row("3", "Right", { odd: true }), row("4", "Unknown"), row("5", "toString")], {
        "torch/Right": ({ options }) => (options.odd ? notCovered("odd") : undefined),
        "torch/Wrong": async () => expect(1).toBe(2),
      });`,
  });
  expect(failed).toBe(true);
  expect(
    tests.map(({ title, status, meta }) => [
      title,
      status === "failed" || status === "passed" ? status : "skipped",
      meta.notCovered,
    ]),
  ).toEqual([
    ["torch/Right · 1", "passed", undefined],
    ["torch/Wrong · 2", "failed", undefined],
    ["torch/Right · 3", "skipped", "odd"],
    ["torch/Unknown · 4", "skipped", "no such thing here yet"],
    ["torch/toString · 5", "skipped", "no such thing here yet"],
  ]);
  expect(tally(tests)).toBe("1 passed, 1 failed, 3 skipped");
});

test("a file that does not load, or that cannot begin, counts as failed", async () => {
  const { failed, tests } = await reported({
    "a.test.ts": 'import { test } from "vitest"; test("fine", () => {});',
    "b.test.ts": 'import "./nowhere.js";',
    "c.test.ts":
      'import { beforeAll, test } from "vitest"; beforeAll(() => { throw new Error("no"); }); test("one", () => {}); test("two", () => {});',
  });
  expect(failed).toBe(true);
  expect(tally(tests)).toBe("1 passed, 2 failed, 2 skipped");
});
