import { mkdtemp, readdir, readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseHTML } from "linkedom";
import { format } from "prettier";
import { expect, test } from "vitest";
import { checkedIn, docsPage } from "./docs.js";
import { resultsIn, writeReport, writeResults } from "./report/write.js";
import { root } from "./root.js";
import { languages, textsIn } from "./texts.js";

const results = await resultsIn(checkedIn());

test("docs/lab.md is what the checked-in results say, as Prettier formats it", async () => {
  expect(results.length).toBeGreaterThan(0);
  const page = docsPage(results, await textsIn("en"));
  const found = await readFile(join(root(), "docs", "lab.md"), "utf8");
  expect(found, "write it again: npm run lab -- --write-docs").toBe(page);
  expect(await format(page, { parser: "markdown", printWidth: 100 })).toBe(page);
});

test("the report needs nothing else, and has every tip in order", async () => {
  const folder = await mkdtemp(join(tmpdir(), "tenon-report-"));
  const some = results.slice(0, 3);
  for (const each of some) await writeResults(folder, each);
  expect(await writeReport(folder, "ko")).toBe(join(folder, "index.html"));
  for (const [name, language, other] of [
    ["index.html", "ko", "index.en.html"],
    ["index.en.html", "en", "index.html"],
  ] as const) {
    const text = await readFile(join(folder, name), "utf8");
    expect(text).not.toMatch(/https?:|<script|<link|<img|src=|@import|url\((?!#)/);
    const { document } = parseHTML(text);
    expect(document.documentElement.getAttribute("lang")).toBe(language);
    const hrefs = Array.from(document.querySelectorAll("a")).map((a) => a.getAttribute("href"));
    expect(hrefs).toEqual([other, ...some.map(({ id }) => `#${id}`)]);
    expect(Array.from(document.querySelectorAll("section")).map(({ id }) => id)).toEqual(
      some.map(({ id }) => id),
    );
    const ids = Array.from(document.querySelectorAll("[id]")).map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    const { tips } = await textsIn(language);
    for (const each of some) {
      const section = document.querySelector(`#${each.id}`)!;
      expect(section.textContent).toContain(tips[each.id]!.tip);
      expect(section.textContent).toContain(each.provenance.command);
      expect(section.querySelectorAll("svg")).toHaveLength(2 * Object.keys(each.charts).length);
      for (const { weights, seed } of each.runs)
        if (seed === 1) expect(section.textContent).toContain(weights);
    }
  }
});

test("results and pictures are files of their own, in every language", async () => {
  const folder = await mkdtemp(join(tmpdir(), "tenon-report-"));
  const [first] = results;
  await writeResults(folder, first!);
  expect(await resultsIn(join(folder, "results"))).toEqual([first]);
  const pictures = await readdir(join(folder, "pictures"));
  expect(pictures.sort()).toEqual(
    Object.keys(first!.charts)
      .flatMap((id) => languages.map((language) => `${first!.id}-${id}.${language}.svg`))
      .sort(),
  );
});
