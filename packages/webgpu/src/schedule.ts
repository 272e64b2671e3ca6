import { wholeOf, type Buffer, type Step } from "@tenon/plan";
import { predecessorsOf, usesOf } from "./uses.js";
import type { Kernel, Span } from "./kernels/kernel.js";

/**
 * Work of some workgroups: a step, or steps that each of them does one after the other for some
 * rows of all of them. Steps of one level do not wait for each other.
 */
export interface Task {
  readonly levels: readonly (readonly Step<Kernel>[])[];
  /** Rows of a chain. */
  readonly rows: number;
}

/** Fewer rows leave a GPU idle. */
const leastRows = 16;
/** More results are better done by workgroups of their own: of a step, and of each of its rows. */
const mostResults: number = 2 ** 17;
const mostInRow = 2048;

/** What becomes a task: steps that are chained as long as they are found. */
interface Cluster {
  readonly steps: number[];
  /** Dispatches that come before it, at least. */
  level: number;
}

/**
 * Steps in as few dispatches as can be. The tasks of a dispatch may run at the same time; each is
 * as late as those allow that wait for it. Small steps that work row by row, such as a thin product
 * and the maximum, the exponentials and the sum of a softmax behind it, are chained to one
 * task where that makes no other step wait: a dispatch takes longer than they do.
 *
 * @param stateBuffers arrays that are replaced where they are: no chain writes them, and none is
 *   written before all indices are checked
 */
export function dispatchesOf(
  steps: readonly Step<Kernel>[],
  stateBuffers: ReadonlySet<Buffer>,
): Task[][] {
  const before = predecessorsOf(steps, stateBuffers.size > 0);
  const clusterOf: Cluster[] = [];
  steps.forEach((_, i) => {
    const earlier = new Set([...before[i]!].map((k) => clusterOf[k]!));
    const level = Math.max(-1, ...[...earlier].map((cluster) => cluster.level));
    const last = [...earlier].filter((cluster) => cluster.level === level);
    const members = [...last.flatMap((cluster) => cluster.steps), i].sort((a, b) => a - b);
    const isChained =
      last.length > 0 &&
      rowsOf(
        members.map((k) => steps[k]!),
        stateBuffers,
      ) !== undefined;
    const cluster: Cluster = isChained
      ? { steps: members, level }
      : { steps: [i], level: level + 1 };
    for (const k of cluster.steps) clusterOf[k] = cluster;
  });
  const clusters = [...new Set(clusterOf)];
  const count = 1 + Math.max(-1, ...clusters.map(({ level }) => level));
  // From the last dispatch to the first: each cluster just before the first one that waits for it.
  const latest = new Map(clusters.map((cluster) => [cluster, count - 1]));
  for (const cluster of [...clusters].sort((a, b) => b.level - a.level))
    for (const k of cluster.steps.flatMap((i) => [...before[i]!])) {
      const earlier = clusterOf[k]!;
      if (earlier !== cluster)
        latest.set(earlier, Math.min(latest.get(earlier)!, latest.get(cluster)! - 1));
    }
  const dispatches: Task[][] = Array.from({ length: count }, () => []);
  for (const cluster of clusters)
    dispatches[latest.get(cluster)!]!.push(taskOf(cluster.steps, steps, before, stateBuffers));
  return dispatches;
}

/** The steps of a cluster by levels, each as early as it can be. */
function taskOf(
  members: readonly number[],
  steps: readonly Step<Kernel>[],
  before: readonly ReadonlySet<number>[],
  stateBuffers: ReadonlySet<Buffer>,
): Task {
  const levelOf = new Map<number, number>();
  const levels: Step<Kernel>[][] = [];
  for (const i of members) {
    const level = 1 + Math.max(-1, ...[...before[i]!].map((k) => levelOf.get(k) ?? -1));
    levelOf.set(i, level);
    (levels[level] ??= []).push(steps[i]!);
  }
  const rows = members.length > 1 ? rowsOf(levels.flat(), stateBuffers)! : 0;
  return { levels, rows };
}

/**
 * Into how many rows at most all that these steps compute can be cut so that no row needs another
 * one; undefined if there are too few.
 */
function rowsOf(
  steps: readonly Step<Kernel>[],
  stateBuffers: ReadonlySet<Buffer>,
): number | undefined {
  const spans = steps.map(({ kernel }) => kernel.span);
  if (!spans.every((span): span is Span => span !== undefined)) return undefined;
  const results = spans.map((span) => span.results);
  const most = Math.max(...results);
  if (most > mostResults) return undefined;
  const written = new Set(
    steps.flatMap((step) =>
      usesOf(step).flatMap(([buffer, use]) => (use === "writes" ? [buffer] : [])),
    ),
  );
  if ([...written].some((buffer) => stateBuffers.has(buffer))) return undefined;
  const areRowByRow = (rows: number): boolean =>
    steps.every((step, i) => {
      const aligned = spans[i]!.areAligned(
        rows,
        step.operands.map(({ bytes }) => bytes / 4),
      );
      return step.operands.every((buffer, k) => {
        const { of } = wholeOf(buffer);
        return !written.has(of) || (of === buffer && aligned[k]!);
      });
    });
  const common = results.reduce(commonDivisor);
  for (let parts = 1; common / parts >= leastRows; parts++) {
    const rows = common / parts;
    if (most > rows * mostInRow) return undefined;
    if (Number.isInteger(rows) && areRowByRow(rows)) return rows;
  }
  return undefined;
}

const commonDivisor = (a: number, b: number): number => (b === 0 ? a : commonDivisor(b, a % b));
