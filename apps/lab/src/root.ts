import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { fail } from "@tenon/terminal";

/** The folder of the repository that this is a part of. */
export function root(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, "pnpm-workspace.yaml"))) {
    const above = dirname(folder);
    if (above === folder) fail("expected to be a part of Tenon's repository, and it is not");
    folder = above;
  }
  return folder;
}
