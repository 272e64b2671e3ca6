import type { ByPath, Digest, NDArray } from "@tenon/contracts";
import { text } from "@tenon/guards";
import { existsSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { lockFile } from "./lockFile.js";
import { sha256 } from "./internal/sha256.js";
import { runFolder } from "./runFolder.js";

/** A folder of stored runs, each a safetensors file that is replaced as a whole. */
export interface StudyFolder {
  readonly path: string;
  /** Where the run of that name is. */
  file(name: string): string;
  /**
   * Makes the folder, and makes it this process' alone until the function that it gives is called.
   * Rejects where another process has it; that of a process that was killed is taken over.
   */
  open(): Promise<() => void>;
  /** What is stored under a name; undefined where nothing is. Rejects a damaged file. */
  read(
    name: string,
  ): Promise<{ readonly arrays: ByPath<NDArray>; readonly metadata: ByPath<string> } | undefined>;
  /** Writes to a temporary file, which then replaces the old one. */
  write(name: string, arrays: ByPath<NDArray>, metadata: ByPath<string>): Promise<void>;
  /** `digestOf`, by which a run of other data is refused. */
  readonly digest: Digest;
}

/**
 * A folder for the runs of a study: the `store` of `study` in `@tenon/trainer`.
 *
 * The file of a run is called by its name, as far as a file may be, and the beginning of the name's
 * SHA-256, so that any names do: `dropout-0.5-seed-1-1f2e3d4c5b6a.safetensors`.
 */
export function studyFolder(path: string): StudyFolder {
  text("studyFolder", "path", path);
  const folder = runFolder(path);
  const file = (name: string): string => folder.file(fileName(name));
  return {
    path,
    file,
    digest: folder.digest,
    async open() {
      await mkdir(path, { recursive: true });
      const lockPath = join(path, "study.lock");
      const { release, holder } = await lockFile(lockPath);
      if (release) return release;
      const who =
        holder === "unknown" ? "another process" : `process ${holder.pid} on ${holder.host}`;
      throw new Error(
        `studyFolder: expected a folder that no other process writes to, got ${path}, which ` +
          `${who} has; wait for it, use another folder, or delete ${lockPath} if it is over`,
      );
    },
    async read(name) {
      if (!existsSync(file(name))) return undefined;
      try {
        const { tensors, metadata } = await folder.read(fileName(name));
        return { arrays: tensors, metadata };
      } catch (error) {
        const message = (error as Error).message.replace(/^runFolder: /, "studyFolder: ");
        throw new Error(`${message}; delete it, and its run is done again`, { cause: error });
      }
    },
    write: (name, arrays, metadata) => folder.write(fileName(name), arrays, metadata),
  };
}

/** A name as part of a path on any system: letters, digits, "=", "." and "-", then a digest. */
function fileName(name: string): string {
  const readable = name
    .replace(/[^a-zA-Z0-9=.]+/g, "-")
    .replace(/^[-.]+|[-.]+$/g, "")
    .slice(0, 80);
  const digest = sha256(new TextEncoder().encode(name)).slice(0, 12);
  return `${readable}${readable && "-"}${digest}`;
}
