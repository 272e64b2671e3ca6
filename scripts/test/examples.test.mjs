import { execFile } from "node:child_process";
import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { promisify } from "node:util";
import { build, transform } from "esbuild";
import ts from "typescript";
import { beforeAll, expect, test } from "vitest";
import { blocksOf, examplesOf, guides, pages } from "../lib/examples.mjs";
import { root, workspace } from "../lib/root.mjs";

const exec = promisify(execFile);
const folder = join(root, ".cache", "examples");
const examples = pages()
  .flatMap((page) => examplesOf(page))
  .map((example) => {
    const place = join(folder, example.page.replaceAll("/", "-").replace(/\.md$/, ""));
    return {
      ...example,
      title: `${example.page}:${example.line}`,
      file: join(place, `line${example.line}.ts`),
    };
  });
/** Packages by name, as a user finds them who has installed them. */
const paths = Object.fromEntries(
  workspace("packages", "internal").flatMap(({ path, manifest }) =>
    Object.entries(manifest.exports ?? {}).map(([entry, file]) => [
      join(manifest.name, entry).replaceAll("\\", "/"),
      join(path, file),
    ]),
  ),
);

let errors;
beforeAll(() => {
  rmSync(folder, { recursive: true, force: true });
  for (const { file, text } of examples) {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
    // What the README's example reads.
    copyFileSync(join(root, "examples/table/iris.csv"), join(dirname(file), "iris.csv"));
  }
  const base = ts.parseConfigFileTextToJson(
    "tsconfig.base.json",
    readFileSync(join(root, "tsconfig.base.json"), "utf8"),
  ).config;
  const { options } = ts.convertCompilerOptionsFromJson(
    {
      ...base.compilerOptions,
      paths: Object.fromEntries(Object.entries(paths).map(([name, file]) => [name, [file]])),
      noEmit: true,
      isolatedDeclarations: false,
      declaration: false,
      noUnusedLocals: false,
      types: ["node"],
      typeRoots: [join(root, "node_modules/@types")],
    },
    root,
  );
  const program = ts.createProgram(
    examples.map(({ file }) => file),
    options,
  );
  errors = new Map(
    examples.map(({ file, title, line }) => {
      const source = program.getSourceFile(file);
      const found = [
        ...program.getSyntacticDiagnostics(source),
        ...program.getSemanticDiagnostics(source),
      ];
      return [
        title,
        found.map(
          ({ start, messageText }) =>
            `line ${line + 1 + source.getLineAndCharacterOfPosition(start).line}: ` +
            `${ts.flattenDiagnosticMessageText(messageText, "\n")}`,
        ),
      ];
    }),
  );
});

test("there are examples", () => expect(examples.length).toBeGreaterThan(0));

test.each(examples)("$title compiles", ({ title }) => expect(errors.get(title)).toEqual([]));

/** The last program of each page: the next one may read the files that it writes. */
const before = new Map();

test.concurrent.each(examples.filter(({ runs }) => runs))("$title runs", async ({ page, file }) => {
  const turn = Promise.resolve(before.get(page)).then(() => ran(file));
  before.set(page, turn);
  const { stdout } = await turn;
  if (page === "docs/guides/getting-started.md" && stdout.startsWith("1 { loss"))
    expect(readFileSync(join(root, page), "utf8")).toContain(`\n${stdout.split("\n").at(-2)}\n`);
});

async function ran(file) {
  const outfile = file.replace(/\.ts$/, ".mjs");
  await build({
    entryPoints: [file],
    outfile,
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node20",
    logLevel: "silent",
    alias: paths,
  });
  return exec(process.execPath, [outfile], { cwd: dirname(file), timeout: 110_000 });
}

test.each(workspace("packages").map(({ folder, path }) => [folder, path]))(
  "the README of %s has at most 60 lines, an example, and the install line",
  (name, path) => {
    const text = readFileSync(join(path, "README.md"), "utf8");
    expect(text.trimEnd().split("\n").length).toBeLessThanOrEqual(60);
    expect(text).toContain(`npm install @tenon/${basename(path)}`);
    expect(examplesOf(join(path, "README.md")).length, "examples").toBeGreaterThan(0);
  },
);

/** What a page and its translation have in common: code without remarks, and links. */
function sameIn(file) {
  const text = readFileSync(file, "utf8");
  const blocks = blocksOf(file).map((block) =>
    block.text.replace(/(\/\/|#).*$/gm, "").replace(/ +$/gm, ""),
  );
  const links = [...text.matchAll(/\]\(([^)]+)\)/g)].map(([, link]) => link);
  return { text, blocks, links };
}

const readmes = ["README.md", "README.ko.md"];

test("the Korean README has the commands, the code, the figures and the links of the English one", () => {
  const [english, korean] = readmes.map((name) => {
    const { text, blocks, links } = sameIn(join(root, name));
    const isSame = (link) => !/^README|^docs\/images/.test(link);
    const prose = text.replace(/^```[^]*?^```$/gm, "").replace(/\]\([^)]*\)/g, "]");
    return {
      blocks,
      links: links.filter(isSame).map((link) => link.replace("docs/guides/ko", "docs/guides")),
      images: links.length,
      commands: [...prose.matchAll(/`[^`]+`/g)].map(String).sort(),
      figures: [...prose.matchAll(/\d+(?:\.\d+)?/g)].map(String).sort(),
      headings: prose.match(/^#+ /gm),
    };
  });
  expect(korean).toEqual(english);
  expect(english.figures.length).toBeGreaterThan(15);
});

test.each(readmes)("%s has no line of more than 100 columns", (name) => {
  const lines = readFileSync(join(root, name), "utf8").split("\n");
  expect(lines.filter((line) => [...line].length > 100)).toEqual([]);
});

test.each(guides())("the Korean $name has the code and the links of the English one", (guide) => {
  const [english, korean] = ["english", "korean"].map((language) => {
    const { blocks, links } = sameIn(guide[language]);
    // Anchors are in the language's own words, and Korean files are one folder deeper.
    const up = language === "korean" ? /^\.\.\/|#.*/g : /#.*/g;
    return { blocks, links: links.map((link) => link.replaceAll(up, "")).sort() };
  });
  expect(korean).toEqual(english);
});

test("the first guide is JavaScript, as its readers save it", async () => {
  for (const { text } of examplesOf(join(root, "docs", "guides", "getting-started.md")))
    await transform(text, { loader: "js", format: "esm", logLevel: "silent" });
});

test.each(guides())("$name has at most 120 lines", ({ english, korean }) => {
  for (const file of [english, korean])
    expect(readFileSync(file, "utf8").trimEnd().split("\n").length).toBeLessThanOrEqual(120);
});
