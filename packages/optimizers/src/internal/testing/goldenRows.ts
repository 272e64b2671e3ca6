import type { ByPath, Schedule, Transform } from "@tenon/contracts";
import type { GoldenArray, GoldenRow } from "@tenon/golden";
import { expectClose, notCovered, toleranceOf } from "@tenon/testkit";
import { onArrays } from "../../onArrays.js";
import { eager } from "./eager.js";
import { mapPaths } from "../mapPaths.js";

/** For tests: a row of optimizers.json. */
export interface OptimizerRow extends GoldenRow {
  readonly params: ByPath<GoldenArray>;
  readonly grads: readonly ByPath<GoldenArray>[];
  /** Parameters after each step, or ... */
  readonly expected?: readonly ByPath<GoldenArray>[];
  /** ... the update of each gradient while the parameters stay. */
  readonly updates?: readonly ByPath<GoldenArray>[];
  readonly lr_by_step?: readonly number[];
  /** The loss of each step. */
  readonly losses?: readonly number[];
  readonly exclude_from_weight_decay?: readonly string[];
  readonly slow?: readonly ByPath<GoldenArray>[];
  /** The average that ASGD keeps, after each step. */
  readonly averaged?: readonly ByPath<GoldenArray>[];
}

export type Options = Readonly<Record<string, unknown>>;

/** A row's options with the library's defaults. An option that is not among them is not covered. */
export function read<D extends Options>(
  options: Options,
  defaults: D,
): { [K in keyof D]: D[K] extends number ? number : D[K] extends boolean ? boolean : D[K] } {
  for (const name of Object.keys(options))
    if (!Object.hasOwn(defaults, name)) notCovered(`option ${name}`);
  return { ...defaults, ...options } as never;
}

/** The row's rate: at every step its own, or one. */
export function rateOf(
  row: { readonly lr_by_step?: readonly number[] },
  rate: number,
): Schedule | number {
  const rates = row.lr_by_step;
  return rates ? (step) => rates[step]! : rate;
}

/**
 * Checks a row of parameters step by step as `onArrays` runs it, and a row of updates one
 * operation at a time.
 *
 * @param slots those that hold the row's further outputs
 */
export function follows(
  row: OptimizerRow,
  transform: Transform,
  slots: Readonly<Partial<Record<"averaged" | "slow", string>>> = {},
): void {
  const tolerance = toleranceOf(row);
  if (row.updates) {
    const run = eager(transform, row.params);
    const start = run.params;
    row.grads.forEach((gradient, step) => {
      run.params = start;
      const updates = run.step(gradient);
      for (const [path, { data }] of Object.entries(row.updates![step]!))
        expectClose(updates[path]!.data, data, tolerance, `update ${step} of ${path}`);
    });
    return;
  }
  if (!row.expected) notCovered("neither parameters nor updates to check");
  const params = mapPaths(row.params, ({ shape, data }) => ({
    shape,
    data: Float64Array.from(data),
  }));
  const optimizer = onArrays(transform, params);
  row.grads.forEach((gradient, step) => {
    const before = mapPaths(params, ({ data }) => data.slice());
    const theirs = step > 0 ? row.expected![step - 1]! : row.params;
    optimizer.step(
      mapPaths(gradient, ({ shape, data }) => ({ shape, data: Float64Array.from(data) })),
      row.losses?.[step],
    );
    for (const [path, { data }] of Object.entries(row.expected![step]!)) {
      const label = `${path} after step ${step}`;
      if (row.precision === "bfloat16")
        expectClose(
          [apart(params[path]!.data, before[path]!, data, theirs[path]!.data)],
          [0],
          tolerance,
          label,
        );
      else expectClose(params[path]!.data, data, tolerance, label);
    }
    for (const [output, slot] of Object.entries(slots))
      for (const [path, { data }] of Object.entries(row[output as "slow"]![step]!))
        expectClose(
          optimizer.state().slots[slot]![path]!.data,
          data,
          tolerance,
          `${slot} of ${path} after step ${step}`,
        );
  });
}

/**
 * How far a step of ours, from `before` to `after`, is from theirs, as a share of the length of
 * theirs: where a library rounds its steps so coarsely that parameters, much larger, hide them.
 */
function apart(
  after: ArrayLike<number>,
  before: ArrayLike<number>,
  theirsAfter: readonly number[],
  theirsBefore: readonly number[],
): number {
  const steps = theirsAfter.map((value, i) => value - theirsBefore[i]!);
  return (
    Math.hypot(...steps.map((step, i) => after[i]! - before[i]! - step)) / Math.hypot(...steps)
  );
}
