import { readdirSync, readFileSync, existsSync } from "node:fs";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";

/** The workspace's folder. */
export const root = fileURLToPath(new URL("../..", import.meta.url)).replace(/[\\/]$/, "");

const groups = ["packages", "internal", "apps"];

/** The workspace's packages: `{ group, folder, path, manifest }`. */
export function workspace(...only) {
  return groups
    .filter((group) => only.length === 0 || only.includes(group))
    .flatMap((group) =>
      readdirSync(join(root, group))
        .sort()
        .map((folder) => ({ group, folder, path: join(root, group, folder) }))
        .filter(({ path }) => existsSync(join(path, "package.json")))
        .map((entry) => ({
          ...entry,
          manifest: JSON.parse(readFileSync(join(entry.path, "package.json"), "utf8")),
        })),
    );
}

/**
 * Files of the workspace by how their names end, from the root:
 * `packages/optimizers/src/torch.golden.test.ts`.
 */
export function filesUnder(folder, end) {
  return workspace()
    .map(({ path }) => join(path, folder))
    .filter(existsSync)
    .flatMap((path) =>
      readdirSync(path, { recursive: true })
        .filter((name) => name.endsWith(end))
        .map((name) => relative(root, join(path, name)).replaceAll("\\", "/")),
    )
    .sort();
}
