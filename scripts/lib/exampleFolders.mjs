import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { root, workspace } from "./root.mjs";

const folder = join(root, "examples");

/** The folders that a stranger copies: `{ name, path, manifest, code }`, code by file name. */
export const exampleFolders = () =>
  readdirSync(folder)
    .filter((name) => existsSync(join(folder, name, "package.json")))
    .sort()
    .map((name) => {
      const path = join(folder, name);
      const files = readdirSync(path).filter((file) => file.endsWith(".js"));
      return {
        name,
        path,
        manifest: JSON.parse(readFileSync(join(path, "package.json"), "utf8")),
        code: Object.fromEntries(
          files.map((file) => [file, readFileSync(join(path, file), "utf8")]),
        ),
      };
    });

/** What is wrong with a folder, without running it. */
export function problemsOf({ manifest, code }) {
  const text = Object.values(code).join("\n");
  const lines = text.split("\n").filter((line) => !/^\s*(\/\/|\/?\*|$)/.test(line));
  const imported = [...text.matchAll(/(?:from|resolve\() ?"([^".][^"]*)"/g)]
    .map(([, name]) => /^(@[^/]+\/)?[^/]+/.exec(name)[0])
    .filter((name) => !name.startsWith("node:"));
  const dependencies = Object.keys(manifest.dependencies);
  return [
    ...(lines.length >= 60 ? [`expected less than 60 lines of code, got ${lines.length}`] : []),
    ...dependencies
      .filter((name) => !imported.includes(name))
      .map((name) => `package.json lists ${name}, which is not imported`),
    ...[...new Set(imported)]
      .filter((name) => !dependencies.includes(name))
      .map((name) => `${name} is imported, and package.json does not list it`),
    ...Object.entries(manifest.dependencies)
      .filter(([name, range]) => name.startsWith("@tenon/") && range !== `^${nextVersion()}`)
      .map(([name, range]) => `expected ${name} ^${nextVersion()}, got ${range}`),
  ];
}

/** The version of the packages, or the first one before there is any. */
export function nextVersion() {
  const { version } = workspace("packages")[0].manifest;
  return version === "0.0.0" ? "0.1.0" : version;
}

/** The block of a README that shows what is printed. */
const shown = /(^It (?:prints|shows).*:\n\n```text\n)([^]*?)(^```$)/m;

/** A README whose block has this output. */
export function withOutput(readme, output) {
  if (!shown.test(readme)) throw new Error("README.md needs “It prints:” and a block of text");
  return readme.replace(shown, (_, before, __, after) => before + output + after);
}
