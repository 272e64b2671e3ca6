import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { checkPackage, createPackageFromTarballData } from "@arethetypeswrong/core";
import { publint } from "publint";
import { formatMessage } from "publint/utils";
import { capture } from "./run.mjs";

const forbidden = [
  [/\bprocess\s*\.\s*env\b/, "process.env"],
  [/\brequire\s*\(/, "require("],
  [/\bnew\s+Function\b|\bFunction\s*\(/, "new Function"],
  [/\beval\s*\(/, "eval("],
  [/\bfetch\s*\(|XMLHttpRequest|WebSocket|EventSource|sendBeacon|importScripts/, "the network"],
  [
    /node:(?:net|tls|dns|dgram|https?2?|child_process|vm)\b/,
    "a module for the network or programs",
  ],
];

/** What a package's code holds that some pages forbid. */
export const codeProblems = (code) =>
  forbidden.filter(([pattern]) => pattern.test(code)).map(([, name]) => `its code holds ${name}`);

const needed = ["LICENSE", "README.md", "package.json"];
const isNeeded = (file) => needed.includes(file) || /^dist\/[^/]+\.(js|d\.ts|js\.map)$/.test(file);

/** What is wrong with the files of a package, `{ path, files, manifest }` as `packed` gives it. */
export function contentProblems({ path, files, manifest }) {
  const names = Object.keys(files);
  return [
    ...needed.filter((name) => !names.includes(name)).map((name) => `the tarball has no ${name}`),
    ...names.filter((name) => !isNeeded(name)).map((name) => `nobody needs ${name} in the tarball`),
    ...["devDependencies", "scripts"]
      .filter((field) => manifest[field])
      .map((field) => `the published package.json has ${field}, which only this repository needs`),
    ...Object.entries(manifest.dependencies ?? {})
      .filter(([, range]) => !/^\^\d/.test(range))
      .map(([name, range]) => `depends on ${name} ${range}; expected ^ and a version`),
    ...names
      .filter((name) => /\.(js|map)$/.test(name))
      .flatMap((name) => mapProblems(path, name, readFileSync(join(path, name), "utf8"))),
    ...(names.includes("README.md")
      ? linkProblems(readFileSync(join(path, "README.md"), "utf8"))
      : []),
  ];
}

/** On npm a page stands alone: its links lead to the web, or to places in itself. */
const linkProblems = (readme) =>
  [...readme.matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, link]) => link)
    .filter((link) => !/^(https:|#)/.test(link))
    .map((link) => `README.md links to ${link}, which is not in the tarball`);

/** A source map must be there, and hold its sources or name files that are there. */
function mapProblems(path, name, text) {
  const folder = join(path, dirname(name));
  if (name.endsWith(".js")) {
    const [, map] = /^\/\/# sourceMappingURL=(?!data:)(\S+)$/m.exec(text) ?? [];
    return map && !existsSync(join(folder, map)) ? [`${name} names ${map}, which is missing`] : [];
  }
  const { sources, sourcesContent = [] } = JSON.parse(text);
  return sources
    .filter(
      (source, i) => typeof sourcesContent[i] !== "string" && !existsSync(join(folder, source)),
    )
    .map((source) => `${name} names ${source}, which is missing`);
}

/**
 * What publint says of a tarball, and whether the types are right for all that import ES modules.
 */
export async function linterProblems(tarball) {
  const data = new Uint8Array(readFileSync(tarball));
  const { messages, pkg } = await publint({ pack: { tarball: data.buffer } });
  const { types, problems = [] } = await checkPackage(createPackageFromTarballData(data));
  return [
    ...messages
      .filter(({ type }) => type !== "suggestion")
      .map((message) => `publint: ${formatMessage(message, pkg, { color: false })}`),
    ...(types ? [] : ["are the types wrong: there are none"]),
    ...problems
      .filter(({ resolutionKind }) => !["node10", "node16-cjs"].includes(resolutionKind))
      .map((problem) => `are the types wrong: ${JSON.stringify(problem)}`),
  ];
}

/** The entries (`"@tenon/data/node"`) that Node cannot import in a folder, or that give nothing. */
export async function importProblems(folder, entries) {
  const code = `for (const name of ${JSON.stringify(entries)})
    await import(name).then(
      (all) => Object.keys(all).length > 0 || console.log(name + " exports nothing"),
      (error) => console.log(name + " cannot be imported: " + error.message),
    );`;
  const { output } = await capture(process.execPath, ["--input-type=module", "-e", code], {
    cwd: folder,
  });
  return output.split("\n").filter((line) => line && line !== "@tenon/contracts exports nothing"); // types alone
}
