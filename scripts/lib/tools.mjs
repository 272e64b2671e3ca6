import { existsSync } from "node:fs";
import { join } from "node:path";
import { root, workspace } from "./root.mjs";

/** Where `.ci/run` puts programs that only tests need and users do not download. */
const tools = join(root, ".cache", "tools");

/** The folder of a library among the tools of `.ci/run`, if it is there. */
export function toolOf(name, under = "") {
  const path = join(tools, under, "node_modules", name);
  return existsSync(join(path, "package.json")) ? path : undefined;
}

/**
 * The folder of a library of others that `.ci/run`, where it may have another name, or the
 * workspace has.
 */
export const libraryAt = (name) =>
  toolOf(name.replace(/^@tensorflow\//, "")) ??
  toolOf(name.replace(/^@/, "").replace("/", "-"), "rollup") ??
  [root, ...workspace().map(({ path }) => path)]
    .map((path) => join(path, "node_modules", name))
    .find((path) => existsSync(join(path, "package.json")));

/**
 * The programs of Node of these lines: this one, and what `.ci/run` has fetched, by major version.
 */
export function nodes() {
  const found = { [process.versions.node.split(".")[0]]: process.execPath };
  const fetched = [toolOf("node"), toolOf("node-22", "nodes"), toolOf("node-26", "nodes")];
  for (const [i, major] of [24, 22, 26].entries())
    if (fetched[i])
      found[major] ??= join(fetched[i], "bin", process.platform === "win32" ? "node.exe" : "node");
  return found;
}

/** A program among the tools of `.ci/run`, if it is there. */
export function programOf(name) {
  const path = join(tools, "node_modules", ".bin", name);
  return existsSync(path) ? path : undefined;
}
