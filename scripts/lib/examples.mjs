import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, dirname, join, relative } from "node:path";
import { root, workspace } from "./root.mjs";

/** The pages whose examples must work. */
export function pages() {
  const docs = ["docs", "docs/guides"].flatMap((folder) => markdownIn(join(root, folder)));
  const readmes = workspace("packages").map(({ path }) => join(path, "README.md"));
  const first = ["README.md", "CONTRIBUTING.md", "llms.txt"].map((name) => join(root, name));
  return [...first, ...docs, ...readmes].filter(existsSync);
}

const markdownIn = (folder) =>
  existsSync(folder)
    ? readdirSync(folder)
        .filter((name) => name.endsWith(".md"))
        .map((name) => join(folder, name))
    : [];

/** The guides: `{ name, english, korean }`, files of Markdown. */
export const guides = () =>
  markdownIn(join(root, "docs", "guides")).map((english) => ({
    name: basename(english),
    english,
    korean: join(dirname(english), "ko", basename(english)),
  }));

/**
 * The code blocks of a page: `{ page, line, text, language, file, runs }`. A block marked `ts
 * no-run` is type-checked only; one marked `file=PATH` is a file of a walk-through.
 */
export function blocksOf(file) {
  const page = relative(root, file).replaceAll("\\", "/");
  const blocks = [];
  let open;
  readFileSync(file, "utf8")
    .split("\n")
    .forEach((text, i) => {
      const fence = /^```(\S*) *(.*)$/.exec(text);
      if (!open && fence) open = { language: fence[1], marks: fence[2], line: i + 1, lines: [] };
      else if (open && text === "```") {
        const { language, marks, line, lines } = open;
        blocks.push({
          page,
          line,
          text: `${lines.join("\n")}\n`,
          language,
          file: /file=(\S+)/.exec(marks)?.[1],
          runs: !/no-run/.test(marks),
        });
        open = undefined;
      } else open?.lines.push(text);
    });
  return blocks;
}

/** The blocks that are whole programs in TypeScript. */
export const examplesOf = (file) =>
  blocksOf(file).filter(({ language, file }) => language === "ts" && !file);
