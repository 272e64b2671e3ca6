import { badArgument } from "@tenon/guards";
import type { EpochScores, LossPart, Progress } from "../snapshot.js";

/** What older files have instead of `lossParts`. */
interface Older {
  readonly lossSum: number;
  readonly weight?: number;
  readonly penaltySum?: number;
}

const isCount = (value: unknown): boolean => Number.isSafeInteger(value) && (value as number) >= 0;
const isBoolean = (value: unknown): boolean => typeof value === "boolean";
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
  seed: ["an integer", Number.isSafeInteger],
  batchSize: ["an integer ≥ 1", (size) => isCount(size) && (size as number) > 0],
  dropLast: ["true or false", (value) => value === undefined || isBoolean(value)],
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
  stopper: ["in JSON", (state) => state !== undefined],
  stopped: ["true or false", isBoolean],
  history: [
    "a line for each epoch",
    (lines, { epoch }) =>
      Array.isArray(lines) &&
      lines.length === epoch &&
      (lines as (Partial<EpochScores> | null)[]).every(
        (line) => isCount(line?.epoch) && isCount(line?.step) && typeof line?.train === "object",
      ),
  ],
  best: [
    "an epoch and its value",
    (best: Partial<Progress["best"]> | null) =>
      isCount(best?.epoch) && (best?.value === null || typeof best?.value === "number"),
  ],
};

/**
 * The progress of a run, from a snapshot of this or an older version. Throws unless it is complete.
 *
 * @param who the function that was called
 * @param of what the progress was read from, for the message
 */
export function checkProgress(who: string, of: string, progress: unknown, fix: string): Progress {
  const given = (typeof progress === "object" ? (progress ?? {}) : {}) as {
    readonly [K in keyof (Progress & Older)]?: unknown;
  };
  const expect = (name: keyof (Progress & Older), what: string, good: boolean): void => {
    if (!good)
      throw badArgument(
        who,
        `${of} to have ${name}, ${what}`,
        (JSON.stringify(given[name]) ?? "nothing").slice(0, 80),
        fix,
      );
  };
  const { lossSum, weight, penaltySum, ...rest } = given;
  for (const [name, value] of Object.entries({ lossSum, weight, penaltySum }))
    expect(name as keyof Older, "a number", value === undefined || Number.isFinite(value));
  const lossParts = given.lossParts ?? (lossSum !== undefined && olderParts(given as never));
  const current = { ...rest, lossParts } as Progress;
  for (const [name, [what, isGood]] of Object.entries(rules))
    expect(name as keyof Progress, what, isGood(current[name as keyof Progress] as never, current));
  return current;
}

/**
 * Older files know one part, and what penalties came to beside it; the oldest weighted all losses
 * by their examples.
 */
function olderParts({
  examples,
  lossSum,
  weight = examples,
  penaltySum = 0,
}: Older & { readonly examples: number }): readonly LossPart[] {
  if (examples === 0) return [];
  return [
    { total: lossSum, weight },
    ...(penaltySum === 0 ? [] : [{ total: penaltySum, weight: examples }]),
  ];
}
