import { badArgument } from "@tenon/guards";
import { isCount, isEpoch } from "./isEpoch.js";
import type { LossPart, Progress } from "../snapshot.js";

const isInteger = (value: unknown): boolean => Number.isSafeInteger(value);
const isText = (value: unknown): boolean => value === undefined || typeof value === "string";
const count = ["an integer ≥ 0", isCount] as const;

/** What each part of the progress is, and whether a value is that. */
const rules: {
  readonly [K in keyof Progress]-?: readonly [
    what: string,
    isGood: (value: Partial<NonNullable<Progress[K]>>, progress: Progress) => boolean,
  ];
} = {
  data: [
    "the identity of the data",
    (data) =>
      data === undefined ||
      (typeof data === "object" && data !== null && isText(data.train) && isText(data.validation)),
  ],
  seed: ["an integer", isInteger],
  batchSize: ["an integer ≥ 1", (size) => isCount(size) && (size as number) > 0],
  dropLast: ["true or false", (value = false) => typeof value === "boolean"],
  step: count,
  epoch: count,
  batch: count,
  examples: count,
  lossParts: [
    "a total and a weight of each",
    (parts) =>
      Array.isArray(parts) &&
      (parts as (Partial<LossPart> | null)[]).every(
        (part) => Number.isFinite(part?.total) && Number.isFinite(part?.weight),
      ),
  ],
  metrics: ["a list", Array.isArray],
  skipped: ["an integer ≥ 0", (value = 0) => isCount(value)],
  rates: ["a list", (states) => states === undefined || Array.isArray(states)],
  stopper: ["in JSON", (state) => state !== undefined],
  stopped: ["true or false", (value) => typeof value === "boolean"],
  history: [
    "a line for each epoch",
    (lines, { epoch }) => Array.isArray(lines) && lines.length === epoch && lines.every(isEpoch),
  ],
  best: [
    "an epoch and its value",
    (best: Partial<Progress["best"]> | null) =>
      isCount(best?.epoch) && (best?.value === null || typeof best?.value === "number"),
  ],
};

/**
 * The progress of a run. Throws unless it is complete.
 *
 * @param who the function that was called
 * @param source what the progress was read from, for the message
 */
export function checkProgress(who: string, source: string, progress: unknown): Progress {
  const given = (typeof progress === "object" ? (progress ?? {}) : {}) as Progress;
  for (const [name, [what, isGood]] of Object.entries(rules) as [
    keyof Progress,
    (typeof rules)[keyof Progress],
  ][])
    if (!isGood(given[name] as never, given))
      throw badArgument(
        who,
        `${source} to have ${name}, ${what}`,
        (JSON.stringify(given[name]) ?? "nothing").slice(0, 80),
        "the file is damaged",
      );
  return given;
}
