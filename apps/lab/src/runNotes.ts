import { appendFileSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { ByPath, Json } from "@tenon/contracts";
import type { Finding } from "@tenon/doctor";
import type { FinishedRun } from "@tenon/trainer";

/** What is kept of a finished run besides its measures. */
export interface RunNote {
  readonly arm: string;
  readonly seed: number;
  /** The SHA-256 of its weights. */
  readonly weights: string;
  readonly seconds: number;
  /** What was recorded at its end. @defaultValue nothing */
  readonly records?: ByPath<Json>;
  /** What the doctor found first, and the step after which it did. */
  readonly finding?: { readonly finding: Finding; readonly step: number };
}

/** The notes of a study's runs; in a file where the study has a folder. */
export interface RunNotes {
  add(note: RunNote): void;
  of(run: Pick<FinishedRun, "arm" | "seed">): RunNote | undefined;
}

const keyOf = ({ arm, seed }: Pick<FinishedRun, "arm" | "seed">): string => `${seed} ${arm}`;

/**
 * Notes are a JSON line each, written before the study stores the run's result: a result that is
 * stored has its note. A last line that was cut off, as by a kill, is left out.
 */
export function runNotes(folder: string | undefined): RunNotes {
  const file = folder === undefined ? undefined : join(folder, "notes.jsonl");
  const notes = new Map((file === undefined ? [] : read(file)).map((note) => [keyOf(note), note]));
  return {
    add(note) {
      notes.set(keyOf(note), note);
      if (folder === undefined || file === undefined) return;
      mkdirSync(folder, { recursive: true });
      // A line break first: what was cut off before is a line of its own.
      appendFileSync(file, `\n${JSON.stringify(note)}`, { flush: true });
    },
    of: (run) => notes.get(keyOf(run)),
  };
}

function read(file: string): RunNote[] {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
  return text.split("\n").flatMap((line) => {
    try {
      return [JSON.parse(line) as RunNote];
    } catch {
      return [];
    }
  });
}
