import type { NDArray } from "@tenon/contracts";
import { badArgument } from "@tenon/guards";
import { show } from "./check.js";

/** Labels of one sequence. */
export type Sequence = readonly number[];

/**
 * The rows of labels [n, length], each up to the first label that is the blank or negative. Throws
 * unless they are whole numbers in two axes.
 */
export function sequences(
  who: string,
  what: string,
  { shape, data }: NDArray,
  blank: number,
): Sequence[] {
  const [n = 0, length = 0] = shape;
  if (shape.length !== 2) throw badArgument(who, `${what} of shape [n, length]`, show(shape));
  data.forEach((label: number, i: number) => {
    if (!Number.isInteger(label))
      throw badArgument(who, `${what} to be whole numbers`, `${label} at ${i}`);
  });
  return Array.from({ length: n }, (_, i) => {
    const row: Sequence = Array.from(data.subarray(i * length, (i + 1) * length));
    const end = row.findIndex((label) => label === blank || label < 0);
    return end < 0 ? row : row.slice(0, end);
  });
}

/**
 * The targets of each of `n` examples: one, of labels [n, length], or several, of [n, targets,
 * length].
 */
export function targetsOf(who: string, targets: NDArray, n: number, blank: number): Sequence[][] {
  const { shape } = targets;
  const [count, ...rest] = shape;
  const several = rest.length === 2 ? rest[0]! : 1;
  if (count !== n || several === 0)
    throw badArgument(who, `targets for ${n} predictions`, show(shape));
  const rows = rest.length === 2 ? { ...targets, shape: [n * several, rest[1]!] } : targets;
  const each = sequences(who, "targets", rows, blank);
  return Array.from({ length: n }, (_, i) => each.slice(i * several, (i + 1) * several));
}

/**
 * How many runs of n labels are in a target, too, each no more often than in the one where it is
 * most often.
 */
export function commonRuns(labels: Sequence, truths: readonly Sequence[], n: number): number {
  const theirs = truths.map((truth) => runsOf(truth, n));
  let common = 0;
  for (const [run, count] of runsOf(labels, n))
    common += Math.min(count, Math.max(...theirs.map((counts) => counts.get(run) ?? 0)));
  return common;
}

/** How often there is each run of n labels. */
function runsOf(labels: Sequence, n: number): Map<string, number> {
  const counts = new Map<string, number>();
  for (let i = 0; i + n <= labels.length; i++) {
    const run = labels.slice(i, i + n).join();
    counts.set(run, (counts.get(run) ?? 0) + 1);
  }
  return counts;
}
