import type { ByPath, Json } from "@tenon/contracts";
import type { Curves } from "@tenon/trainer";
import type { Axis, Broken, Mark, Point, Series } from "./chart.js";
import type { Drawn, Picture, ShownRun } from "./experiment.js";

/** A picture is a function of what was recorded, so far. */
export interface LinesOptions {
  readonly id: string;
  /** The recorder whose curves are drawn, and which of them. */
  readonly record: string;
  readonly curve: string;
  /** The label of the vertical axis. */
  readonly y: Omit<Axis, "categories">;
  /** What the horizontal axis counts. @defaultValue steps */
  readonly x?: "step" | "epoch" | "examples";
  /** Of the horizontal axis. @defaultValue linear */
  readonly xScale?: "linear" | "log";
  /** A second, faint line for each arm. */
  readonly faint?: { readonly record: string; readonly curve: string; readonly part: string };
  readonly marks?: (drawn: Drawn<never>) => readonly Mark[];
}

/** A line for each arm: the mean over seeds, with their range. */
export function linesOf({
  id,
  record,
  curve,
  y,
  x = "step",
  xScale = "linear",
  faint,
  marks,
}: LinesOptions): Picture {
  return {
    id,
    chart(drawn) {
      const unit = (arm: string): number => unitsPerStep(drawn, arm)[x];
      const line = (arm: string, from: string, name: string): Point[] =>
        meanCurve(
          drawn.runs.filter((run) => run.arm === arm),
          from,
          name,
          unit(arm),
        );
      const series = Object.keys(drawn.arms).flatMap((arm): Series[] => [
        ...(faint
          ? [
              {
                ...{ arm, kind: "line" as const, isFaint: true, part: faint.part },
                points: line(arm, faint.record, faint.curve),
              },
            ]
          : []),
        { arm, kind: "line", points: line(arm, record, curve) },
      ]);
      return {
        ...{ x: { label: x, scale: xScale }, y, series },
        ...(marks && { marks: marks(drawn as never) }),
        broken: brokenOf(drawn, (run) => unit(run.arm)),
      };
    },
  };
}

/** A dot for each arm: the mean of a measure over seeds, with its range. */
export function dotsOf({
  id,
  measure,
  y,
  marks,
}: {
  readonly id: string;
  readonly measure: string;
  readonly y: Omit<Axis, "categories">;
  readonly marks?: readonly Mark[];
}): Picture {
  return {
    id,
    chart({ arms, runs }) {
      const names = Object.keys(arms);
      return {
        x: { label: "arm", scale: "categories", categories: names },
        y,
        series: names.map((arm, i) => ({
          ...{ arm, kind: "dots" as const },
          points: [pointOf(i, valuesOf(runs, arm, measure))],
        })),
        ...(marks && { marks }),
      };
    },
  };
}

/** A picture of some of the arms. */
export const ofArms = <O extends Json>(
  picture: Picture<O>,
  isShown: (options: O, arm: string) => boolean,
): Picture<O> => ({
  ...picture,
  chart({ arms, ...drawn }) {
    const shown = Object.entries(arms).filter(([arm, options]) => isShown(options, arm));
    return picture.chart({ ...drawn, arms: Object.fromEntries(shown) });
  },
});

/**
 * A measure over an option of the arms: a line for each group of arms. Where all runs with the
 * largest options ended with what is not finite, the group is broken there.
 */
export function sweepOf<O extends ByPath<Json>>({
  id,
  measure,
  x,
  option,
  group,
  y,
  marks,
}: {
  readonly id: string;
  readonly measure: string;
  readonly x: Axis;
  /** The number of an arm's options that is on the horizontal axis; of categories, its place. */
  readonly option: (options: O) => number;
  /** The line that an arm is on; it decides the colour. */
  readonly group: (options: O) => string;
  readonly y: Omit<Axis, "categories">;
  readonly marks?: (drawn: Drawn<O>) => readonly Mark[];
}): Picture<O> {
  return {
    id,
    chart(drawn) {
      const { arms, runs } = drawn;
      const groups = [...new Set(Object.values(arms).map(group))];
      const isBroken = (arm: string): boolean =>
        runs.some((run) => run.arm === arm && run.reason === "nonFinite") &&
        runs.every((run) => run.arm !== arm || run.reason === "nonFinite");
      const series = groups.map((name): Series => {
        const points = Object.entries(arms)
          .filter(([, options]) => group(options) === name)
          .map(([arm, options]) => pointOf(option(options), valuesOf(runs, arm, measure)))
          .sort((a, b) => a.x - b.x);
        return { arm: name, kind: "line", points };
      });
      // From which option on the arms of a group are not finite.
      const broken = groups.flatMap((name): Broken[] => {
        const ofGroup = Object.keys(arms)
          .filter((arm) => group(arms[arm]!) === name)
          .sort((a, b) => option(arms[a]!) - option(arms[b]!));
        const first = ofGroup.find((_, i) => ofGroup.slice(i).every(isBroken));
        return first === undefined ? [] : [{ arm: name, x: option(arms[first]!) }];
      });
      return { x, y, series, broken, ...(marks && { marks: marks(drawn) }) };
    },
  };
}

/**
 * The values of all curves of a record at one moment, such as a norm for each layer, or all along:
 * the median over steps with the range.
 */
export function profileOf({
  id,
  record,
  x,
  y,
  at = "last",
  marks,
  isOfFirstStep = false,
}: {
  readonly id: string;
  readonly record: string;
  /** The label of the horizontal axis, on which the curves are. */
  readonly x: string;
  readonly y: Omit<Axis, "categories">;
  /** @defaultValue the last point */
  readonly at?: "first" | "last" | "all";
  readonly marks?: readonly Mark[];
  /** Whether the values that are shown are known after the first step. @defaultValue false */
  readonly isOfFirstStep?: boolean;
}): Picture {
  return {
    ...{ id, isOfFirstStep },
    chart({ arms, runs }) {
      const names = [
        ...new Set(runs.flatMap(({ records }) => Object.keys(curvesIn(records, record).values))),
      ];
      const series = Object.keys(arms).map((arm): Series => {
        const ofArm = runs.filter((run) => run.arm === arm);
        const points = names.map((name, i) => {
          const curves = ofArm.map(({ records }) =>
            (curvesIn(records, record).values[name] ?? []).map(
              // A logarithmic axis has no 0.
              (value) => (y.scale === "log" && value === 0 ? null : value),
            ),
          );
          if (at === "all") return rangeOf(i, curves.flat());
          return pointOf(
            i,
            curves.map((values) => values.at(at === "first" ? 0 : -1)),
          );
        });
        return { arm, kind: "line", points };
      });
      const axis: Axis = { label: x, scale: "categories", categories: names };
      return { x: axis, y, series, ...(marks && { marks }) };
    },
  };
}

/**
 * A picture of some of the arms, under other names.
 *
 * @param name of an arm in the picture, by its options; undefined where it is left out
 */
export function selected<O extends Json>(
  picture: Picture,
  name: (options: O) => string | undefined,
): Picture<O> {
  return {
    ...picture,
    chart({ arms, runs, ...drawn }) {
      const named = Object.entries(arms).flatMap(([arm, options]) => {
        const other = name(options);
        return other === undefined ? [] : [{ arm, other, options }];
      });
      const names = new Map(named.map(({ arm, other }) => [arm, other]));
      return picture.chart({
        ...drawn,
        arms: Object.fromEntries(named.map(({ other, options }) => [other, options])),
        runs: runs.flatMap((run) => {
          const arm = names.get(run.arm);
          return arm === undefined ? [] : [{ ...run, arm }];
        }),
      });
    },
  };
}

const none: Curves = { steps: [], values: {}, width: 1, rest: [] };

/** The curves of a record; none before the first event. */
export const curvesIn = (records: ByPath<Json> | undefined, name: string): Curves =>
  (records?.[name] as Curves | undefined) ?? none;

/** The value of a measure in each finished run of an arm. */
const valuesOf = (runs: readonly ShownRun[], arm: string, measure: string): (number | null)[] =>
  runs.flatMap((run) =>
    run.arm === arm && run.measures
      ? [run.reason === "nonFinite" ? null : run.measures[measure]!]
      : [],
  );

/** The mean of the finite values, with their range where there are several. */
export function pointOf(x: number, values: readonly (number | null | undefined)[]): Point {
  const finite = values.filter((value): value is number => typeof value === "number");
  if (finite.length === 0) return { x, y: null };
  const y = finite.reduce((sum, value) => sum + value / finite.length, 0);
  if (finite.length === 1) return { x, y };
  return { x, y, low: Math.min(...finite), high: Math.max(...finite) };
}

/** The median of the finite values, with their range. */
export function rangeOf(x: number, values: readonly (number | null)[]): Point {
  const finite = values.filter((value) => value !== null).sort((a, b) => a - b);
  if (finite.length === 0) return { x, y: null };
  const y = finite[Math.floor(finite.length / 2)]!;
  return { x, y, low: finite[0]!, high: finite.at(-1)! };
}

/** The mean of a curve over runs at each step that one of them has. */
function meanCurve(
  runs: readonly ShownRun[],
  record: string,
  curve: string,
  unit: number,
): Point[] {
  const byX = new Map<number, (number | null)[]>();
  for (const run of runs) {
    const { steps, values } = curvesIn(run.records, record);
    for (const [i, step] of steps.entries()) {
      const x = step * unit;
      const others = byX.get(x) ?? [];
      byX.set(x, others);
      others.push(values[curve]?.[i] ?? null);
    }
  }
  return [...byX].sort(([a], [b]) => a - b).map(([x, values]) => pointOf(x, values));
}

/**
 * How many steps, epochs and examples one step is. The batch size of an arm may be its own, and the
 * part of the training digits that it is trained with.
 */
function unitsPerStep(
  { size, arms }: Pick<Drawn, "size" | "arms">,
  arm: string,
): { readonly step: number; readonly epoch: number; readonly examples: number } {
  const { batchSize = size.batchSize, share = 1 } = (arms[arm] ?? {}) as {
    readonly batchSize?: number;
    readonly share?: number;
  };
  const train = Math.round(share * size.train);
  const stepsPerEpoch = Math.ceil(train / Math.min(batchSize, train));
  return { step: 1, epoch: 1 / stepsPerEpoch, examples: train / stepsPerEpoch };
}

/** The arms of which a run ended with what is not finite, at its last step. */
function brokenOf({ arms, runs }: Drawn, unit: (run: ShownRun) => number): readonly Broken[] {
  return Object.keys(arms).flatMap((arm) => {
    const ends = runs
      .filter((run) => run.arm === arm && run.reason === "nonFinite")
      .map((run) => (run.steps ?? 0) * unit(run));
    return ends.length > 0 ? [{ arm, x: Math.min(...ends) }] : [];
  });
}
