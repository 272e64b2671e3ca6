import { constants, type Stats } from "node:fs";
import { open, readFile, stat, type FileHandle } from "node:fs/promises";
import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fail, isSystemError, jsonLine, type Outside, shown, systemProblem } from "@tenon/terminal";
import type { StatisticsEvent } from "@tenon/trainer";

/** The file or pipe that the statistics of a run go to. */
export interface StatisticsFile {
  /** Writes a line as a whole or not at all. What cannot be written does not end the run. */
  write(event: StatisticsEvent): Promise<void>;
  close(): Promise<void>;
  /** Whether a line could not be written. */
  failed(): boolean;
}

interface Begin {
  /** The step that a resumed run goes on from. */
  readonly resumedAt?: number | undefined;
  /** The paths of the model's parameters: a resumed run goes on with a file that has the same. */
  readonly params: readonly string[];
  readonly outside: Outside;
}

/**
 * Opens the file for statistics.
 *
 * A new run expects that it is not there, or empty; a pipe or a device is written to as it is. A
 * resumed run goes on with the file that is there: lines of steps after the checkpoint, which are
 * computed again, and a half-written last line are cut off.
 */
export async function statisticsFile(file: string, begin: Begin): Promise<StatisticsFile> {
  const { resumedAt, params, outside } = begin;
  try {
    const found = await stat(file).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== "ENOENT") throw error;
      return undefined;
    });
    if (found?.isDirectory()) fail(`--observe expects a file, got the folder ${shown(file)}`, 2);
    if (!found) await folderOf(file);
    const isFile = !found || found.isFile();
    const text = found?.isFile() && found.size > 0 ? await readFile(file, "utf8") : "";
    if (text !== "" && resumedAt === undefined)
      fail(`--observe expects a new file, got ${shown(file)}, which is not empty; name another`, 2);
    const kept = text === "" ? 0 : lengthUntil(text, { file, params, step: resumedAt! });
    const handle = await open(file, flagsFor(found));
    if (isFile) await handle.truncate(kept);
    return writer(handle, { file, outside, ...(isFile && { size: kept }) });
  } catch (error) {
    if (!isSystemError(error)) throw error;
    return fail(`cannot write to ${shown(file)}: ${systemProblem(error)}`);
  }
}

const isMissing = (error: NodeJS.ErrnoException): undefined => {
  if (error.code !== "ENOENT") throw error;
};

async function folderOf(file: string): Promise<void> {
  const folder = dirname(file);
  if (!(await stat(folder).catch(isMissing)))
    fail(`--observe expects a folder that is there, got ${shown(folder)}; make it first`, 2);
}

/** A pipe must not block: opening it without a reader fails, and so does writing to a full one. */
function flagsFor(found: Stats | undefined): number {
  const { O_WRONLY, O_CREAT, O_APPEND, O_NONBLOCK } = constants;
  return O_WRONLY | O_CREAT | O_APPEND | (found?.isFIFO() ? O_NONBLOCK : 0);
}

/** How many bytes the whole lines of steps up to a step have. */
function lengthUntil(
  text: string,
  { file, params, step }: { file: string; params: readonly string[]; step: number },
): number {
  const whole = text.slice(0, text.lastIndexOf("\n") + 1);
  let length = 0;
  for (const line of whole.split("\n").slice(0, -1)) {
    let event: Partial<StatisticsEvent> | null = null;
    try {
      event = JSON.parse(line) as Partial<StatisticsEvent> | null;
    } catch {
      // The file is another one.
    }
    const isOurs =
      event?.type === "statistics" && Object.keys(event.params ?? {}).join() === params.join();
    if (!isOurs)
      fail(
        `--observe expects a new file, or the statistics of this run to go on with, got ` +
          `${shown(file)}; name another`,
        2,
      );
    if (event!.step! > step) break;
    length += Buffer.byteLength(line) + 1;
  }
  return length;
}

/** How long to wait until there is space in a pipe, in milliseconds. */
const pause = 5;

/** @param size of a file, in bytes; absent of a pipe or a device */
function writer(
  handle: FileHandle,
  { file, outside, size }: { file: string; outside: Outside; size?: number },
): StatisticsFile {
  let [length, isOpen, failed] = [size, true, false];
  async function put(line: Buffer): Promise<void> {
    for (let start = 0; start < line.length;) {
      try {
        start += (await handle.write(line, start)).bytesWritten;
      } catch (error) {
        const isFull = (error as NodeJS.ErrnoException).code === "EAGAIN";
        if (!isFull || outside.ending.aborted) throw error;
        await sleep(pause);
      }
    }
  }
  async function close(): Promise<void> {
    if (isOpen) await handle.close().catch(() => {});
    isOpen = false;
  }
  return {
    async write(event) {
      if (!isOpen) return;
      const line = Buffer.from(jsonLine(event));
      try {
        await put(line);
        if (length !== undefined) length += line.length;
      } catch (error) {
        if (!isSystemError(error)) throw error;
        if (length !== undefined) await handle.truncate(length).catch(() => {});
        await close();
        // A reader that has read enough closes the pipe.
        const isRead = error.code === "EPIPE";
        failed = !isRead;
        const why = isRead ? "nothing reads it any more" : systemProblem(error);
        outside.warn(
          `cannot write to ${shown(file)}: ${why}; the run goes on without it` +
            (length === undefined ? "" : ", and what is there is whole"),
        );
      }
    },
    close,
    failed: () => failed,
  };
}
