import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { root } from "./root.mjs";
import { capture } from "./run.mjs";

/** Packs a package as it would be published (it must be built); gives the tarball's path. */
export async function pack({ folder, path }, into = join(root, ".cache", "packs")) {
  mkdirSync(into, { recursive: true });
  const tarball = join(into, `${folder}.tgz`);
  const { code, output } = await capture("pnpm", ["pack", "--out", tarball], { cwd: path });
  if (code !== 0) throw new Error(`could not pack ${folder}: ${output}`);
  return tarball;
}
