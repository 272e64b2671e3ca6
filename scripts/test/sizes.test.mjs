import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { costs } from "../lib/costs.mjs";
import { workspace } from "../lib/root.mjs";

let home;
beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), "tenon-sizes-"));
});
afterAll(() => rmSync(home, { recursive: true, force: true }));

/** A built package of this code. */
function built(folder, code) {
  const path = join(home, folder);
  const manifest = {
    name: `@tenon/${folder}`,
    publishConfig: { exports: { ".": { default: "./dist/index.js" } } },
  };
  mkdirSync(join(path, "dist"), { recursive: true });
  writeFileSync(join(path, "dist", "index.js"), code);
  return { folder, path, manifest };
}

const long = JSON.stringify(Array.from({ length: 100 }, (_, i) => `word ${i * 7919}`));
const shelf = () =>
  built("shelf", `export const small = () => 1;\nexport const large = () => ${long};\n`);

test("an import costs the code that it needs, and no other", async () => {
  const [small, large, problem] = await costs(
    [
      { what: "small", take: { shelf: "small" }, ceiling: 100, reason: "tiny" },
      { what: "large", take: { shelf: "large" }, ceiling: 100, reason: "words" },
    ],
    [shelf()],
  );
  expect(small).toMatchObject({ what: "small", problem: "" });
  expect(small.gzipped).toBeLessThan(100);
  expect(large.problem).toBe(`too large by ${large.gzipped - 100}`);
  expect(problem).toBeUndefined();
});

test("a package that another one imports counts where it is imported", async () => {
  const packages = [
    shelf(),
    built(
      "user",
      'import { large } from "@tenon/shelf";\nexport const use = () => large().length;\n',
    ),
  ];
  const [use, small] = await costs(
    [
      { what: "use", take: { user: "use" }, ceiling: 9999, reason: "it uses words" },
      { what: "small", take: { shelf: "small" }, ceiling: 100, reason: "tiny" },
    ],
    packages,
  );
  expect(use.bytes).toBeGreaterThan(long.length);
  expect(small.bytes).toBeLessThan(100);
});

test("code that remains where nothing is used is found", async () => {
  const held = built(
    "held",
    `const make = (words) => ({ words });\nexport const table = make(${long});\nexport const ` +
      `small = 1;\n`,
  );
  const rows = await costs(
    [{ what: "small", take: { held: "small" }, ceiling: 9999, reason: "tiny" }],
    [held],
  );
  expect(rows[1]).toMatchObject({ what: "nothing of held" });
  expect(rows[1].problem).toContain("mark the call that makes it as pure");
  const marked = built(
    "held",
    `const make = (words) => ({ words });\nexport const table = /* @__PURE__ */ ` +
      `make(${long});\nexport const small = 1;\n`,
  );
  expect(
    await costs(
      [{ what: "small", take: { held: "small" }, ceiling: 100, reason: "tiny" }],
      [marked],
    ),
  ).toMatchObject([{ problem: "" }]);
});

test("a ceiling has a reason, and a package an import", async () => {
  const rows = await costs(
    [{ what: "small", take: { shelf: "small" }, ceiling: 100 }],
    [shelf(), built("other", "export const one = 1;\n")],
  );
  expect(rows.map(({ problem }) => problem)).toEqual([
    "has no reason in scripts/sizes.json",
    "has no import in scripts/sizes.json",
  ]);
});

test("the list names packages that there are", () => {
  const folders = workspace("packages").map(({ folder }) => folder);
  const list = JSON.parse(readFileSync(new URL("../sizes.json", import.meta.url), "utf8"));
  for (const { take } of list) expect(folders).toEqual(expect.arrayContaining(Object.keys(take)));
});

test.each(["docs/guides/browser.md", "docs/guides/ko/browser.md"])(
  "the sizes that %s tells are those of the list, to 2 KB",
  (file) => {
    const read = (path) => readFileSync(new URL(`../../${path}`, import.meta.url), "utf8");
    const list = JSON.parse(read("scripts/sizes.json"));
    const told = [...read(file).matchAll(/^\|.*\| (\d+) KB +\|$/gm)].map(([, n]) => Number(n));
    const ceilings = [
      ...["an optimizer", "an optimizer on arrays", "the fast engine"],
      ...["the fast engine without convolutions", "a trainer of MLPs", "a trainer of CNNs"],
    ].map((name) => list.find(({ what }) => what === name).ceiling);
    expect(told).toHaveLength(ceilings.length);
    for (const [i, ceiling] of ceilings.entries())
      expect(Math.abs(told[i] - ceiling / 1000)).toBeLessThan(2);
  },
);
