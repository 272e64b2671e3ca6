import { badArgument } from "@tenon/guards";
import type { DataIdentity, EpochScores, LossPart, Progress } from "../snapshot.js";

/** What older files have instead of `lossParts`. */
interface Older {
  readonly lossSum: number;
  readonly weight?: number;
  readonly penaltySum?: number;
}

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
  const count = (value: unknown): value is number =>
    Number.isSafeInteger(value) && (value as number) >= 0;
  const text = (value: unknown): boolean => value === undefined || typeof value === "string";
  const data = given.data as { readonly [K in keyof DataIdentity]?: unknown } | null | undefined;
  expect(
    "data",
    "the identity of the data",
    data === undefined ||
      (typeof data === "object" && data !== null && text(data.train) && text(data.validation)),
  );
  expect("seed", "an integer", Number.isSafeInteger(given.seed));
  expect("batchSize", "an integer ≥ 1", count(given.batchSize) && given.batchSize > 0);
  expect(
    "dropLast",
    "true or false",
    given.dropLast === undefined || typeof given.dropLast === "boolean",
  );
  for (const name of ["step", "epoch", "batch", "examples"] as const)
    expect(name, "an integer ≥ 0", count(given[name]));
  if (given.lossParts === undefined)
    for (const name of ["lossSum", "weight", "penaltySum"] as const)
      expect(
        name,
        "a number",
        (given[name] === undefined && name !== "lossSum") || Number.isFinite(given[name]),
      );
  const lossParts = given.lossParts === undefined ? olderParts(given as never) : given.lossParts;
  expect(
    "lossParts",
    "a total and a weight of each",
    Array.isArray(lossParts) &&
      (lossParts as (Partial<LossPart> | null)[]).every(
        (part) => Number.isFinite(part?.total) && Number.isFinite(part?.weight),
      ),
  );
  expect("metrics", "a list", Array.isArray(given.metrics));
  expect("stopper", "in JSON", given.stopper !== undefined);
  expect("stopped", "true or false", typeof given.stopped === "boolean");
  const lines = given.history;
  const best = given.best as Partial<Progress["best"]> | null | undefined;
  expect(
    "history",
    "a line for each epoch",
    Array.isArray(lines) &&
      lines.length === given.epoch &&
      (lines as (Partial<EpochScores> | null)[]).every(
        (line) => count(line?.epoch) && count(line.step) && typeof line.train === "object",
      ),
  );
  expect(
    "best",
    "an epoch and its value",
    count(best?.epoch) && (best.value === null || typeof best.value === "number"),
  );
  const { lossSum, weight, penaltySum, ...rest } = given;
  return { ...rest, lossParts } as Progress;
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
