import { wholeOf, type Buffer, type Step } from "@tenon/plan";
import { usesOf } from "./groups.js";
import type { Kernel, Span } from "./kernels/kernel.js";

/** Groups that one dispatch does one after the other, each workgroup for some rows of all of them. */
export interface Chain {
  readonly groups: readonly (readonly Step<Kernel>[])[];
  readonly rows: number;
}

/** Fewer rows leave a GPU idle. */
const leastRows = 16;
/** More results are better done by workgroups of their own. */
const mostResults = 65536;

/**
 * Joins neighbouring groups of small steps that work row by row, such as the maximum, the exponentials
 * and the sum of a softmax: a dispatch takes longer than they do.
 */
export function chainsOf(
  groups: readonly (readonly Step<Kernel>[])[],
  stateBuffers: ReadonlySet<Buffer>,
): Chain[] {
  const chains: Chain[] = [];
  for (let i = 0; i < groups.length;) {
    let length = 1;
    let rows = 0;
    for (let end = i + 2; end <= groups.length; end++) {
      const common = commonRows(groups.slice(i, end).flat(), stateBuffers);
      if (common === undefined) break;
      [length, rows] = [end - i, common];
    }
    chains.push({ groups: groups.slice(i, i + length), rows });
    i += length;
  }
  return chains;
}

/**
 * Into how many rows all that these steps compute can be cut so that no row needs another one;
 * undefined if there are too few.
 */
function commonRows(
  steps: readonly Step<Kernel>[],
  stateBuffers: ReadonlySet<Buffer>,
): number | undefined {
  const spans = steps.map(({ kernel }) => kernel.span);
  if (!spans.every((span): span is Span => span !== undefined && span.results <= mostResults))
    return undefined;
  const rows = Math.min(...spans.map(({ results }) => results));
  if (rows < leastRows || spans.some(({ results }) => results % rows !== 0)) return undefined;
  const written = new Set(
    steps.flatMap((step) =>
      usesOf(step).flatMap(([buffer, use]) => (use === "writes" ? [buffer] : [])),
    ),
  );
  if ([...written].some((buffer) => stateBuffers.has(buffer))) return undefined;
  const areRowByRow = steps.every((step, i) => {
    const aligned = spans[i]!.areAligned(
      rows,
      step.operands.map(({ bytes }) => bytes / 4),
    );
    return step.operands.every((buffer, k) => {
      const { of } = wholeOf(buffer);
      return !written.has(of) || (of === buffer && aligned[k]!);
    });
  });
  return areRowByRow ? rows : undefined;
}
