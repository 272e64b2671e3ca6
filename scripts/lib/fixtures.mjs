import { execFile } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { packed, stampOf } from "./pack.mjs";
import { root } from "./root.mjs";
import { capture } from "./run.mjs";
import { libraryAt } from "./tools.mjs";

/** Where `npm run publish:dry` leaves what it has installed, and what it was made of. */
export const publishedAt = join(root, ".cache", "published");

/** The node_modules with all packages: from the registry where that is up to date, or unpacked. */
async function packagesAt() {
  const packs = await packed();
  const stamp = join(publishedAt, "stamp");
  return existsSync(stamp) && readFileSync(stamp, "utf8") === stampOf(packs)
    ? join(publishedAt, "all", "node_modules", "@tenon")
    : join(packs[0].path, "..");
}

/**
 * Lays a folder of fixtures/ into the cache as a user's project: with the program, the packages as
 * published, and links to libraries of others. Gives its path.
 */
export async function laid(name, libraries = []) {
  const into = join(root, ".cache", "fixtures", name);
  rmSync(into, { recursive: true, force: true });
  cpSync(join(root, "fixtures", name), into, { recursive: true });
  cpSync(join(root, "fixtures", "program"), join(into, "program"), { recursive: true });
  cpSync(await packagesAt(), join(into, "node_modules", "@tenon"), { recursive: true });
  for (const library of libraries) {
    const link = join(into, "node_modules", library);
    mkdirSync(dirname(link), { recursive: true });
    symlinkSync(libraryAt(library), link, "junction");
  }
  return into;
}

/** What a program prints, as JSON; throws if it fails, or warns of anything but this. */
export async function printedBy(cwd, command, args, usual = /^$/) {
  const { stdout, stderr } = await promisify(execFile)(command, args, {
    cwd,
    timeout: 120_000,
    env: { ...process.env, NO_COLOR: "1", FORCE_COLOR: undefined },
  });
  if (stderr.split("\n").some((line) => line && !usual.test(line)))
    throw new Error(`${command} ${args.join(" ")} warns: ${stderr}`);
  return JSON.parse(stdout);
}

/** Runs a bundler or compiler in a fixture's folder. */
export async function made(cwd, command, args) {
  const { code, output } = await capture(command, args, { cwd });
  if (code !== 0) throw new Error(`${command} ${args.join(" ")} ended with ${code}: ${output}`);
}
