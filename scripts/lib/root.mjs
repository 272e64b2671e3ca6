import { readdirSync, readFileSync, existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** The workspace's folder. */
export const root = fileURLToPath(new URL("../..", import.meta.url)).replace(/[\\/]$/, "");

const groups = ["packages", "internal", "apps"];

/** The workspace's packages: `{ group, folder, path, manifest }`. */
export function workspace(...only) {
  return groups.filter((group) => only.length === 0 || only.includes(group)).flatMap((group) =>
    readdirSync(join(root, group)).sort()
      .map((folder) => ({ group, folder, path: join(root, group, folder) }))
      .filter(({ path }) => existsSync(join(path, "package.json")))
      .map((entry) => ({ ...entry, manifest: JSON.parse(readFileSync(join(entry.path, "package.json"), "utf8")) })));
}
