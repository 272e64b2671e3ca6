import { execFile } from "node:child_process";
import { cpSync, mkdirSync, rmSync, symlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { browserHere } from "../../internal/compositions/src/chromium.mjs";
import { exampleInPage } from "./exampleInPage.mjs";
import { libraryAt } from "./tools.mjs";

/** Whether an example is a page, made by its own bundler. */
const isPage = ({ manifest }) => manifest.scripts.build !== undefined;

/**
 * Lays an example into a folder as `npm install` would leave it: its files, and in node_modules
 * what its package.json lists and nothing else. Gives the names of what it needs and this machine
 * lacks.
 *
 * @param packages the packages as they are published: what `packed` gives
 */
export function laid(example, packages, into) {
  rmSync(into, { recursive: true, force: true });
  cpSync(example.path, into, { recursive: true });
  const { dependencies, devDependencies = {} } = example.manifest;
  const missing = Object.keys({ ...dependencies, ...devDependencies }).filter((name) => {
    const from = packages.find((entry) => entry.name === name)?.path ?? libraryAt(name);
    if (from === undefined) return true;
    const to = join(into, "node_modules", name);
    mkdirSync(dirname(to), { recursive: true });
    symlinkSync(from, to, "junction");
    return false;
  });
  return isPage(example) && !browserHere() ? [...missing, "Chromium"] : missing;
}

/** What an example prints, or shows in a page. Throws where it fails. */
export async function outputOf(example, at) {
  if (isPage(example)) return exampleInPage(at);
  const { stdout } = await promisify(execFile)(process.execPath, ["main.js"], { cwd: at });
  return stdout;
}
