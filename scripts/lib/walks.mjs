import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { blocksOf } from "./examples.mjs";

/**
 * The walks of a page: its sections that have blocks marked `file=PATH`. Each is
 * `{ title, files, check }`: the files in order, and the command that the section says
 * "shows whether it is right".
 */
export function walksOf(page) {
  const lines = readFileSync(page, "utf8").split("\n");
  const headings = lines.flatMap((text, i) => (/^##+ /.test(text) ? [{ text, line: i + 1 }] : []));
  const blocks = blocksOf(page).filter(({ file }) => file);
  return headings.flatMap(({ text, line }, i) => {
    const end = headings[i + 1]?.line ?? lines.length + 1;
    const files = blocks.filter((block) => block.line > line && block.line < end);
    if (files.length === 0) return [];
    const section = lines.slice(line, end - 1).join(" ");
    const [, check] = /`(npm test -- [^`]+)`\s+shows whether it is right/.exec(section) ?? [];
    return [{ title: text.replace(/^#+ /, ""), files, check }];
  });
}

/**
 * Does in a copy of the repository what a block says: a `diff` changes a file, a line of an
 * index.ts goes to its alphabetical place, anything else is a new file.
 */
export function applyBlock(copy, { file, language, text }) {
  const path = join(copy, file);
  if (language === "diff") {
    writeFileSync(path, patched(readFileSync(path, "utf8"), text, file));
  } else if (file.endsWith("/index.ts")) {
    const exported = readFileSync(path, "utf8").split("\n").filter(Boolean);
    writeFileSync(path, `${[...exported, text.trim()].sort().join("\n")}\n`);
  } else {
    if (existsSync(path)) throw new Error(`${file}: expected a new file; show changes as a diff`);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
}

/**
 * A text with a diff applied: hunks divided by lines of `@@`, each found by its unchanged and its
 * removed lines, which must occur once.
 */
export function patched(text, diff, file) {
  return diff
    .trimEnd()
    .split(/^@@.*\n/m)
    .filter(Boolean)
    .reduce((result, hunk) => {
      const lines = hunk.trimEnd().split("\n");
      const side = (sign) =>
        lines
          .filter((line) => line[0] !== sign)
          .map((line) => `${line.slice(1)}\n`)
          .join("");
      const [before, after] = [side("+"), side("-")];
      const found = result.split(before).length - 1;
      if (found !== 1)
        throw new Error(
          `${file}: expected these lines once, found them ${found} times:\n${before}`,
        );
      return result.replace(before, () => after);
    }, text);
}
