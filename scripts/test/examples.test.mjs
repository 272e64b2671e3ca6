import { execFile } from "node:child_process";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { promisify } from "node:util";
import { build } from "esbuild";
import ts from "typescript";
import { beforeAll, expect, test } from "vitest";
import { blocksOf, examplesOf, pages } from "../lib/examples.mjs";
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
}, 120_000);

test("there are examples", () => expect(examples.length).toBeGreaterThan(0));

test.each(examples)("$title compiles", ({ title }) => expect(errors.get(title)).toEqual([]));

test.concurrent.each(examples.filter(({ runs }) => runs))(
  "$title runs",
  { timeout: 120_000 },
  async ({ file }) => {
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
    await exec(process.execPath, [outfile], { cwd: dirname(file), timeout: 110_000 });
  },
);

test.each(workspace("packages").map(({ folder, path }) => [folder, path]))(
  "the README of %s has at most 60 lines, an example, and the install line",
  (name, path) => {
    const text = readFileSync(join(path, "README.md"), "utf8");
    expect(text.trimEnd().split("\n").length).toBeLessThanOrEqual(60);
    expect(text).toContain(`npm install @tenon/${basename(path)}`);
    expect(examplesOf(join(path, "README.md")).length, "examples").toBeGreaterThan(0);
  },
);

test("the Korean README has the commands, the code and the links of the English one", () => {
  const [english, korean] = ["README.md", "README.ko.md"].map((name) => {
    const text = readFileSync(join(root, name), "utf8");
    const blocks = blocksOf(join(root, name)).map((block) =>
      block.text.replace(/(\/\/|#).*$/gm, "").replace(/ +$/gm, ""),
    );
    const links = [...text.matchAll(/\]\(([^)]+)\)/g)].map(([, link]) => link);
    const isSame = (link) => !/^README|^docs\/images/.test(link);
    return { blocks, links: links.filter(isSame), images: links.length };
  });
  expect(korean).toEqual(english);
});
