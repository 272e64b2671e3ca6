import { text } from "@tenon/guards";
import { readFileSync, rmSync } from "node:fs";
import { readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { hostname } from "node:os";

/** The process that holds a lock, with its start time, since process ids are used again. */
export interface LockHolder {
  readonly pid: number;
  readonly host: string;
  readonly started: string;
}

/** A lock of this process, or the process that holds it; "unknown" if its file has no text yet. */
export type Lock =
  | { readonly release: () => void; readonly holder?: undefined }
  | { readonly release?: undefined; readonly holder: LockHolder | "unknown" };

/**
 * Creates a file that says that this process alone writes to a folder. If the file exists and its
 * process has ended, this process takes it over. It is removed by `release`, and when the process
 * ends, unless it is killed.
 */
export async function lockFile(file: string): Promise<Lock> {
  text("lockFile", "file", file);
  const me: LockHolder = { pid: process.pid, host: hostname(), started: startOf(process.pid) };
  while (!(await create(file, JSON.stringify(me)))) {
    const text = await readFile(file, "utf8").catch(() => "");
    const holder = holderOf(text);
    if (await isHeld(file, holder)) return { holder: holder ?? "unknown" };
    // Its process is gone. Only the process that moves away the same lock that was read takes it
    // over.
    const aside = `${file}.${process.pid}.tmp`;
    const taken = await rename(file, aside).then(
      () => readFile(aside, "utf8"),
      () => undefined,
    );
    if (taken !== undefined && taken !== text) await create(file, taken);
    await rm(aside, { force: true });
  }
  const unlock = (): void => rmSync(file, { force: true });
  process.once("exit", unlock);
  return {
    release() {
      process.off("exit", unlock);
      unlock();
    },
  };
}

/** Writes a file that was not there; false if it was. */
async function create(file: string, text: string): Promise<boolean> {
  try {
    await writeFile(file, text, { flag: "wx" });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    await rm(file, { force: true }); // no space for its content
    throw error;
  }
}

function holderOf(text: string): LockHolder | undefined {
  try {
    const { pid, host, started } = JSON.parse(text) as LockHolder;
    return Number.isSafeInteger(pid) && pid > 0 ? { pid, host, started } : undefined;
  } catch {
    return undefined;
  }
}

async function isHeld(file: string, holder: LockHolder | undefined): Promise<boolean> {
  // Made a moment ago, and not yet written; or by a process that was killed just then.
  if (!holder) {
    const written = await stat(file).then(
      ({ mtimeMs }) => mtimeMs,
      () => 0,
    );
    return Date.now() - written < 5000;
  }
  if (holder.host !== hostname()) return true;
  try {
    process.kill(holder.pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ESRCH") return false;
  }
  return startOf(holder.pid) === holder.started;
}

/**
 * When a process started, in the system's own units; "" where it is not available, and of a process
 * that has ended but that its parent has not waited for.
 */
function startOf(pid: number): string {
  try {
    // The name of the program comes second, in parentheses, and may hold anything.
    const fields = readFileSync(`/proc/${pid}/stat`, "utf8")
      .replace(/^.*\) /s, "")
      .split(" ");
    return fields[0] === "Z" ? "" : (fields[19] ?? "");
  } catch {
    return "";
  }
}
