import { resultsOf, seedsOf, type Chart, type Series, type ShownRun } from "@tenon/experiments";
import { summarizeStudy, type FinishedRun, type MeanOverSeeds } from "@tenon/trainer";
import type { Plan } from "./plan.js";

/** A row of the table: an arm, or a line of a sweep over many arms. */
export interface Row {
  /** A name of an arm or of a group of arms. */
  readonly name: string;
  /** Of the measure that is shown, over the seeds that are finished. */
  readonly mean?: MeanOverSeeds;
  /** What the main picture draws of it. */
  readonly curve: readonly number[];
  readonly scale: "log" | "linear";
  /** How many runs are finished, of how many. */
  readonly done: number;
  readonly of: number;
  readonly isRunning: boolean;
}

/** With more arms than this a sweep is shown by its lines. */
const mostArms = 12;

/** The measure that the table shows: that of the first claim, where arms have it. */
export function shownMeasure({ of }: Pick<Plan, "of">, isGrouped: boolean): string {
  const claimed = of.claims[0]?.measure;
  const measures = isGrouped ? of.groups!.measures : of.measures;
  return claimed !== undefined && measures[claimed] ? claimed : Object.keys(measures)[0]!;
}

/** Whether the table has a row for each group of arms. */
export const isGrouped = ({ of, values }: Plan): boolean =>
  of.groups !== undefined && Object.keys(of.arms(values)).length > mostArms;

/**
 * @param current the run under way, with what was recorded of it
 */
export function rowsOf(
  plan: Plan,
  runs: readonly FinishedRun[],
  current: ShownRun | undefined,
): readonly Row[] {
  const { of, values, size } = plan;
  const arms = of.arms(values);
  const shown = [...runs, ...(current ? [current] : [])];
  const charts = of.pictures.map((picture) =>
    picture.isComputed ? undefined : picture.chart({ arms, values, size, runs: shown }),
  );
  return isGrouped(plan)
    ? groupRows(plan, runs, charts[0])
    : armRows(plan, runs, charts, current?.arm);
}

function armRows(
  plan: Plan,
  runs: readonly FinishedRun[],
  charts: readonly (Chart | undefined)[],
  running: string | undefined,
): Row[] {
  const { of, values, size } = plan;
  const measure = shownMeasure(plan, false);
  const { better } = of.measures[measure]!;
  const summary = summarizeStudy(runs, { [measure]: better });
  return Object.keys(of.arms(values)).map((name) => {
    const mean = summary.arms[name]?.measures[measure];
    return {
      ...{ name, ...curveIn(charts, name), of: size.seeds, isRunning: name === running },
      ...(mean && { mean }),
      done: summary.arms[name]?.runs ?? 0,
    };
  });
}

function groupRows(plan: Plan, runs: readonly FinishedRun[], chart: Chart | undefined): Row[] {
  const { of, values, size } = plan;
  const arms = Object.keys(of.arms(values)).length;
  const complete = seedsOf(size).filter(
    (seed) => runs.filter((run) => run.seed === seed).length === arms,
  );
  const finished = runs.filter(({ seed }) => complete.includes(seed));
  const results = finished.length > 0 ? resultsOf(of, values, finished) : undefined;
  const measure = shownMeasure(plan, true);
  const names = new Set((chart?.series ?? []).map(({ arm }) => arm));
  return [...names].map((name) => {
    const mean = results?.arms[name]?.measures[measure];
    return {
      ...{ name, ...curveIn([chart], name), done: complete.length, of: size.seeds },
      ...{ isRunning: false, ...(mean && { mean }) },
    };
  });
}

/** The curve of an arm in the first picture that has one. */
function curveIn(
  charts: readonly (Chart | undefined)[],
  arm: string,
): Pick<Row, "curve" | "scale"> {
  for (const chart of charts) {
    const line = chart?.series.find((series) => series.arm === arm && isCurve(series));
    if (!chart || !line) continue;
    const curve = line.points.flatMap(({ y }) => (y === null ? [] : [y]));
    return { curve, scale: chart.y.scale === "log" ? "log" : "linear" };
  }
  return { curve: [], scale: "linear" };
}

const isCurve = ({ kind, isFaint = false, points }: Series): boolean =>
  kind === "line" && !isFaint && points.length > 1;
