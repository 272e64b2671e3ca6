import type { Run } from "./compete.js";

/** How one contender did in one work. */
export interface Row {
  readonly work: string;
  readonly contender: string;
  readonly version: string;
  /** The program that ran it: `Node 20.20.2`. */
  readonly runtime: string;
  readonly threads: number;
  /** The median; null of one that has not learned. */
  readonly msPerStep: number | null;
  /** To Tenon's portable engine on as many threads, on the Node of the bench. */
  readonly ratioToTenon: number | null;
  readonly firstLoss: number;
  /** The mean of the last steps. */
  readonly finalLoss: number;
  /** How many were timed. */
  readonly steps: number;
  /** From the start of the process to the end of its first step. */
  readonly firstStepSeconds: number;
  /** The most that its process had, its runtime and MNIST included. */
  readonly memoryMB: number;
  readonly note: string;
}

/** The middle one, or the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  if (values.length === 0)
    throw new Error(
      "median: expected at least one number, got none; a contender without a timed step has no row",
    );
  const sorted = [...values].sort((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length % 2 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2;
}

const finalOf = (losses: readonly number[]): number => {
  const last = losses.slice(-Math.min(10, Math.ceil(losses.length / 3)));
  return last.reduce((a, b) => a + b, 0) / last.length;
};

/**
 * Whether the loss came down, by 30 % in 100 steps or more, by 5 % in fewer, and is better than
 * chance: a contender that does not learn is not timed.
 */
export function learned(losses: readonly number[], chance: number): boolean {
  return (
    losses.length > 2 &&
    losses.every(Number.isFinite) &&
    finalOf(losses) < Math.min(0.95 * chance, (losses.length < 100 ? 0.95 : 0.7) * losses[0]!)
  );
}

/**
 * The rows of a work, the fastest first on each number of threads; `wanted` steps are what a median
 * should be of.
 */
export function rowsOf(work: string, runs: readonly Run[], wanted: number): Row[] {
  const finished = runs.filter(({ failed, ms }) => failed === undefined && ms.length > 0);
  const timeOf = (run: Run): number | null =>
    learned(run.losses, run.ready!.chance) ? median(run.ms) : null;
  // The Node of the bench comes first: another's rows replace none of its.
  const tenon = new Map(
    runs
      .filter(({ contender }) => contender.name === "tenon")
      .reverse()
      .map((run) => [run.contender.threads, finished.includes(run) ? timeOf(run) : null]),
  );
  return finished
    .map((run): Row => {
      const {
        contender: { name, threads },
        ms,
        losses,
        ready,
        memoryMB,
      } = run;
      const msPerStep = timeOf(run);
      const ours = tenon.get(threads) ?? null;
      const remarks = [
        ready!.note,
        msPerStep === null ? "has not learned, so it is not timed" : "",
        ms.length < wanted ? `only ${ms.length} steps: too slow for more` : "",
      ];
      return {
        work,
        contender: name,
        version: ready!.version,
        runtime: ready!.runtime,
        threads,
        msPerStep,
        ratioToTenon: msPerStep === null || ours === null ? null : msPerStep / ours,
        firstLoss: losses[0]!,
        finalLoss: finalOf(losses),
        steps: ms.length,
        firstStepSeconds: ready!.sinceStartMs / 1000,
        memoryMB,
        note: remarks.filter(Boolean).join("; "),
      };
    })
    .sort((a, b) => a.threads - b.threads || (a.msPerStep ?? Infinity) - (b.msPerStep ?? Infinity));
}
