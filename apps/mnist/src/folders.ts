import { existsSync, readFileSync, statSync, type Stats } from "node:fs";
import { mkdir, open, readdir, rename, rm, rmdir, stat } from "node:fs/promises";
import { hostname } from "node:os";
import { dirname, join } from "node:path";
import { lockFile, type LockHolder } from "@tenon/formats/node";
import {
  fail,
  isSystemError,
  isUserError,
  resumeCall,
  shown,
  systemProblem,
} from "@tenon/terminal";
import { configFrom } from "./config.js";

/** A folder that this process alone writes to. */
export interface Claim {
  readonly folder: string;
  /**
   * Lets other processes write; it may be called again. Folders that were created for the run are
   * removed again unless a checkpoint was written.
   */
  release(): Promise<void>;
}

/** `2026-11-23-154112-cnn` */
const dated = (model: string): string =>
  `${new Date().toISOString().slice(0, 19).replace("T", "-").replaceAll(":", "")}-${model}`;

/** A new folder under runs/, also if another run started in the same second. */
export async function newRun(model: string): Promise<Claim> {
  const name = join("runs", dated(model));
  return writing("runs", async () => {
    await makeFolder("runs");
    for (let i = 1; ; i++) {
      const folder = join(process.cwd(), i === 1 ? name : `${name}-${i}`);
      const isNew = await mkdir(folder).then(
        () => true,
        (error: NodeJS.ErrnoException) => {
          if (error.code === "EEXIST") return false;
          throw error;
        },
      );
      if (isNew) return locked(folder, [folder]);
    }
  });
}

/** Ends the command if a folder cannot be for a new run: earlier than claiming it would. */
export function free(folder: string): void {
  let found: Stats | undefined;
  try {
    found = statSync(folder, { throwIfNoEntry: false });
  } catch (error) {
    fail(`cannot write to ${shown(folder)}: ${systemProblem(error as NodeJS.ErrnoException)}`);
  }
  if (found && !found.isDirectory())
    fail(`--out expects a folder, got the file ${shown(folder)}; name another`, 2);
  const present = runFiles.filter((name) => existsSync(join(folder, name)));
  if (present.length === 0) return;
  // One that was killed before its first checkpoint has its configuration alone.
  if (isRun(folder) && (present.includes("last.safetensors") || present.length === 1))
    fail(
      `expected a folder without a run, got ${shown(folder)}; go on with: ${resumeCall(folder)}`,
      2,
    );
  fail(
    `--out expects a folder without files that have the names of a run's, got ` +
      `${shown(folder)} with ${present.join(" and ")}; name another`,
    2,
  );
}

/** The files of a run. */
export const runFiles: readonly string[] = [
  "config.json",
  "history.jsonl",
  "last.safetensors",
  "best.safetensors",
];

function isRun(folder: string): boolean {
  const file = join(folder, "config.json");
  try {
    configFrom(readFileSync(file, "utf8"), file);
    return true;
  } catch {
    return false;
  }
}

/** Claims a folder, which is made if it is not there. */
export const claimed = (folder: string): Promise<Claim> =>
  writing(folder, async () => locked(folder, await makeFolder(folder)));

/** Claims a folder for a new run. */
export async function claimedNew(folder: string): Promise<Claim> {
  const claim = await claimed(folder);
  try {
    free(folder); // another run may have created it first
    return claim;
  } catch (error) {
    await claim.release();
    throw error;
  }
}

/** Turns the system's error into one sentence about the folder. */
export async function writing<T>(folder: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (isUserError(error) || !isSystemError(error)) throw error;
    return fail(`cannot write to ${shown(folder)}: ${systemProblem(error)}`);
  }
}

/**
 * Makes a folder and those above it, one by one: Node's own `recursive` never comes back where
 * nothing can be made (/proc). Gives those that it made.
 */
export async function makeFolder(folder: string): Promise<string[]> {
  const found = await stat(folder).catch(() => undefined);
  if (found && !found.isDirectory())
    fail(`cannot write to ${shown(folder)}: it is a file; name a folder with --out`, 2);
  if (found) return [];
  const above = await makeFolder(dirname(folder));
  try {
    await mkdir(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    return above; // another process created it first
  }
  return [...above, folder];
}

const lockName = "run.lock";

async function locked(folder: string, newFolders: readonly string[]): Promise<Claim> {
  const file = join(folder, lockName);
  const { release, holder } = await lockFile(file);
  if (!release) failLocked(folder, file, holder);
  await sweep(folder);
  let released = false;
  return {
    folder,
    async release() {
      if (released) return;
      released = true;
      if (
        !(await stat(join(folder, "last.safetensors")).catch(() => undefined)) &&
        newFolders.includes(folder)
      ) {
        for (const name of ["config.json", "history.jsonl"])
          await rm(join(folder, name), { force: true });
      }
      await sweep(folder).catch(() => {});
      release();
      // Those that hold anything stay.
      for (const newFolder of [...newFolders].reverse()) await rmdir(newFolder).catch(() => {});
    },
  };
}

/** Ends the command where another process holds the lock of a folder. */
function failLocked(folder: string, file: string, holder: LockHolder | "unknown"): never {
  const far = holder !== "unknown" && holder.host !== hostname();
  const who =
    holder === "unknown"
      ? "another process"
      : `process ${holder.pid}${far ? ` on ${holder.host}` : ""}`;
  const remedy = far ? `, or delete ${shown(file)} if it is over` : "";
  return fail(
    `another run is writing to ${shown(folder)} (${who}); ` +
      `wait for it or use another folder${remedy}`,
  );
}

/** Removes the half-written files of killed writers: no other process writes here. */
async function sweep(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    if (
      /^((last|best)\.safetensors|config\.json|history\.jsonl|run\.lock)(\.\d+)?\.tmp$/.test(name)
    )
      await rm(join(folder, name), { force: true });
  }
}

/** A file that is written next to the old one, to replace it. */
export interface Pending {
  /** Renames it to the old one's name; needs no space. */
  commit(): Promise<void>;
}

export async function pending(file: string, text: string): Promise<Pending> {
  const next = `${file}.tmp`;
  try {
    const handle = await open(next, "w");
    try {
      await handle.writeFile(text);
      await handle.sync();
    } finally {
      await handle.close();
    }
  } catch (error) {
    await rm(next, { force: true });
    throw error;
  }
  return { commit: () => rename(next, file) };
}

/** Writes a file as a whole or not at all. */
export const replace = async (file: string, text: string): Promise<void> =>
  (await pending(file, text)).commit();
