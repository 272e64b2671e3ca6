import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { root, workspace } from "../lib/root.mjs";

const { scripts, homepage } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
const textOf = (page) => readFileSync(join(root, page), "utf8");
const folders = ["", "docs/", "examples/", ".github/", ...examples()];
const pages = folders
  .flatMap((folder) => readdirSync(join(root, folder)).map((name) => folder + name))
  .filter((name) => /\.md$|llms\.txt$/.test(name))
  .concat(workspace("packages").map(({ folder }) => `packages/${folder}/README.md`));

function examples() {
  const names = readdirSync(join(root, "examples"), { withFileTypes: true });
  return names.filter((entry) => entry.isDirectory()).map(({ name }) => `examples/${name}/`);
}

test.each(pages)("%s: every command of npm exists", (page) => {
  const isExample = page.startsWith("examples/") && page !== "examples/README.md";
  const known = isExample
    ? JSON.parse(textOf(join(dirname(page), "package.json"))).scripts
    : scripts;
  // npm install, npm audit and others are npm's own.
  const asked = [...textOf(page).matchAll(/npm (?:--silent )?(?:run ([\w:-]+)|(start|test)\b)/g)];
  expect(asked.map(([, run, own]) => run ?? own).filter((name) => !(name in known))).toEqual([]);
});

test.each(pages)("%s: every link in the repository leads somewhere", (page) => {
  const links = [...textOf(page).matchAll(/\]\(([^)\s]+)\)/g)].map(([, link]) => link);
  const paths = links.flatMap((link) => {
    const own = new RegExp(`^${homepage}/(?:blob|tree)/main/(.*)$`).exec(link);
    if (own) return [own[1]];
    return /^(https?:|mailto:|#)/.test(link) ? [] : [join(dirname(page), link)];
  });
  const places = paths.map((path) => path.replace(/#.*$/, ""));
  expect(places.filter((path) => !existsSync(join(root, path)))).toEqual([]);
});

test("the repository's address is everywhere that of package.json", () => {
  const templates = readdirSync(join(root, ".github"), { recursive: true })
    .filter((name) => /\.(yml|md)$/.test(name))
    .map((name) => join(".github", name));
  for (const page of [...pages, ...templates])
    for (const [address] of textOf(page).matchAll(/https:\/\/github\.com\/[\w-]+\/tenon\b/g))
      expect(address, page).toBe(homepage);
});

test("AGENTS.md: every folder and file that it names exists", () => {
  const named = [...textOf("AGENTS.md").matchAll(/`([^`\s]+)`/g)].map(([, name]) => name);
  const starts = readdirSync(root);
  const paths = named.filter((name) => starts.includes(name.split("/")[0]));
  expect(paths.length).toBeGreaterThan(12);
  expect(paths.filter((path) => !existsSync(join(root, path)))).toEqual([]);
});

test("llms.txt lists every package, with its description", () => {
  const text = textOf("llms.txt");
  for (const { folder, manifest } of workspace("packages")) {
    const said = manifest.description.replace(/\.$/, "").slice(1);
    expect(text).toMatch(new RegExp(`${manifest.name}\\]\\(.*/packages/${folder}/api.md\\): .`));
    expect(text).toContain(said);
  }
});
