import type { ByPath } from "@tenon/contracts";
import type { Series } from "./chart.js";
import type { Picture } from "./experiment.js";

/** How many elements of each parameter change by how much in a step, in bins of equal factors. */
type StepSizes = ByPath<readonly number[]>;

/** Logarithms to the base 10: what lies outside is in no bin, such as 0. */
const [least, greatest] = [-8, 1] as const;
const perDecade = 4;
const bins = perDecade * (greatest - least);

/** The sizes of the changes of parameters, by path. */
export const stepSizes = (changes: ByPath<ArrayLike<number>>): StepSizes =>
  Object.fromEntries(Object.entries(changes).map(([path, change]) => [path, counted(change)]));

function counted(change: ArrayLike<number>): number[] {
  const counts = new Array<number>(bins).fill(0);
  for (let i = 0; i < change.length; i++) {
    const bin = Math.floor(perDecade * (Math.log10(Math.abs(change[i]!)) - least));
    if (bin >= 0 && bin < bins) counts[bin]!++;
  }
  return counts;
}

/**
 * A grid of histograms of the weights' changes: a row for each arm and a column for each layer, of
 * the first seed, each as high as its highest bin.
 */
export function stepSizesOf({ id, record }: { readonly id: string; readonly record: string }) {
  const points = (counts: readonly number[]) => {
    const highest = Math.max(...counts, 1);
    return counts.map((count, bin) => ({
      x: least + (bin + 0.5) / perDecade,
      y: count / highest,
    }));
  };
  return {
    id,
    chart: ({ arms, runs }) => ({
      x: { label: "stepSize", scale: "linear", domain: [-7, -1] },
      y: { label: "frequency", scale: "linear", domain: [0, 1] },
      columns: "layer",
      series: Object.keys(arms).flatMap((arm) => {
        const run = runs.find((each) => each.arm === arm && each.records?.[record]);
        const sizes = (run?.records?.[record] ?? {}) as StepSizes;
        return Object.keys(sizes)
          .filter((path) => path.endsWith("kernel"))
          .map((path, i): Series => {
            return { arm, kind: "bars", column: String(i + 1), points: points(sizes[path]!) };
          });
      }),
    }),
  } satisfies Picture;
}
