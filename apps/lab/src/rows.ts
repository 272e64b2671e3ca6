import { armResultsOf, resultsOf } from "@tenon/experiments";
import type { Chart, Readable, Series, ShownRun } from "@tenon/experiments";
import type { FinishedRun, MeanOverSeeds } from "@tenon/trainer";
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

/** Of more arms than this those are shown that the main picture shows, or its lines. */
const mostArms = 12;

export const isSweep = ({ of, values }: Plan): boolean =>
  Object.keys(of.arms(values)).length > mostArms;

/** The measure that the table shows: that of the first claim, where the rows have it. */
export function shownMeasure(plan: Plan): { readonly name: string; readonly reading: Readable } {
  const { of } = plan;
  const claimed = of.claims[0]?.measure;
  const measures = isSweep(plan) && of.groups ? of.groups.measures : of.measures;
  const name = claimed !== undefined && measures[claimed] ? claimed : Object.keys(measures)[0]!;
  return { name, reading: measures[name]! };
}

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
  const names = isSweep(plan)
    ? [...new Set((charts[0]?.series ?? []).map(({ arm }) => arm))]
    : Object.keys(arms);
  const complete = completeSeeds(plan, runs);
  const means = meansOf(plan, runs, complete);
  return names.map((name) => {
    const isArm = arms[name] !== undefined;
    const mean = means(name);
    return {
      ...{ name, ...curveIn(charts, name), of: size.seeds, isRunning: name === current?.arm },
      ...(mean && { mean }),
      done: isArm ? runs.filter(({ arm }) => arm === name).length : complete.length,
    };
  });
}

/** The seeds with which all arms are finished. */
function completeSeeds({ of, values, seeds }: Plan, runs: readonly FinishedRun[]): number[] {
  const arms = Object.keys(of.arms(values)).length;
  return seeds.filter((seed) => runs.filter((run) => run.seed === seed).length === arms);
}

/** The means of the shown measure, by the name of an arm or of a group of arms. */
function meansOf(
  plan: Plan,
  runs: readonly FinishedRun[],
  complete: readonly number[],
): (name: string) => MeanOverSeeds | undefined {
  const { of, values } = plan;
  const { name: measure } = shownMeasure(plan);
  const isGrouped = isSweep(plan) && of.groups !== undefined;
  const finished = isGrouped ? runs.filter(({ seed }) => complete.includes(seed)) : runs;
  const { arms } =
    isGrouped && finished.length > 0
      ? resultsOf(of, values, finished)
      : armResultsOf(of, isGrouped ? [] : finished);
  return (name) => arms[name]?.measures[measure];
}

/** The curve of an arm in the first picture that has curves: all rows show the same one. */
function curveIn(
  charts: readonly (Chart | undefined)[],
  arm: string,
): Pick<Row, "curve" | "scale"> {
  const chart = charts.find((each) => each?.series.some(isCurve));
  const line = chart?.series.find((series) => series.arm === arm && isCurve(series));
  if (!chart || !line) return { curve: [], scale: "linear" };
  const curve = line.points.flatMap(({ y }) => (y === null ? [] : [y]));
  return { curve, scale: chart.y.scale === "log" ? "log" : "linear" };
}

const isCurve = ({ kind, isFaint = false, points }: Series): boolean =>
  kind === "line" && !isFaint && points.length > 1;
