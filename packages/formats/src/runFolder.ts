import type { ByPath, Digest, NDArray } from "@tenon/contracts";
import { text } from "@tenon/guards";
import { mkdir, open, readdir, readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { digestOf } from "./digestOf.js";
import { readSafetensors, type Safetensors } from "./readSafetensors.js";
import { writeSafetensors } from "./writeSafetensors.js";

/** A folder of safetensors files, each replaced as a whole. */
export interface RunFolder {
  readonly path: string;
  /** Where the file of that name is. */
  file(name: string): string;
  /**
   * Writes arrays and metadata to a temporary file, which then replaces the old one: a reader, also
   * after a power cut, finds either the old file or the new one. The first write removes temporary
   * files of writers that were killed.
   */
  write(name: string, arrays: ByPath<NDArray>, metadata: ByPath<string>): Promise<void>;
  /** Rejects where the file is missing or damaged. */
  read(name: string): Promise<Safetensors>;
  /** `digestOf`: a run that writes here says which data it is with. */
  readonly digest: Digest;
}

/**
 * A folder for the checkpoints of a run, such as `last.safetensors` and `best.safetensors`. It is
 * made at the first write.
 */
export function runFolder(path: string): RunFolder {
  text("runFolder", "path", path);
  const file = (name: string): string => join(path, `${name}.safetensors`);
  let swept: Promise<void> | undefined;
  return {
    path,
    file,
    digest: digestOf,
    async write(name, arrays, metadata) {
      await mkdir(path, { recursive: true });
      await (swept ??= sweep(path));
      const next = `${file(name)}.${process.pid}.tmp`;
      try {
        const handle = await open(next, "w");
        try {
          await handle.writeFile(writeSafetensors(arrays, metadata));
          // The bytes must be on the disk before the name is.
          await handle.sync();
        } finally {
          await handle.close();
        }
        await rename(next, file(name));
      } catch (error) {
        await rm(next, { force: true });
        throw error;
      }
    },
    async read(name) {
      const bytes = await readFile(file(name)).catch((error: Error) => {
        throw new Error(`runFolder: expected a checkpoint at ${file(name)}: ${error.message}`, {
          cause: error,
        });
      });
      try {
        return readSafetensors(bytes);
      } catch (error) {
        throw new Error(`runFolder: ${file(name)} is damaged: ${(error as Error).message}`, {
          cause: error,
        });
      }
    },
  };
}

/** Removes half-written files whose writers are gone. */
async function sweep(path: string): Promise<void> {
  for (const name of await readdir(path)) {
    const writer = /\.safetensors\.(\d+)\.tmp$/.exec(name)?.[1];
    if (writer !== undefined && isGone(Number(writer))) await rm(join(path, name), { force: true });
  }
}

function isGone(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "ESRCH";
  }
}
