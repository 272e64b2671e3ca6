import type { ByPath } from "@tenon/contracts";
import { fit, measuring, summarizeStudy, type FitEvent, type FitOptions } from "@tenon/trainer";
import type { EndEvent, FinishedRun, Measuring, StudyResults } from "@tenon/trainer";
import { judge, type Judgement } from "./claim.js";
import type { Ending, Experiment, Given, Readable, Values } from "./experiment.js";

/** A run of one arm that has begun. */
export interface Started {
  readonly measuring: Measuring;
  /** The events of `fit`; each one is measured before it is yielded. */
  readonly events: AsyncGenerator<FitEvent, void, void>;
}

/**
 * Begins a run of an arm with a seed, without a study: as the page does, which may pull the events
 * of several arms in turn. The weights are those of the same run in a study.
 */
export function startRun(
  { setup, measures, records }: Experiment,
  options: ReturnType<Experiment["arms"]>[string],
  given: Given,
  also: Partial<Pick<FitOptions, "signal" | "resume" | "engine">> = {},
): Started {
  const { model, ...fitOptions } = setup(options, given);
  const measured = measuring(measures, records);
  async function* events(): AsyncGenerator<FitEvent, void, void> {
    for await (const event of fit(model, { ...fitOptions, ...also, seed: given.seed })) {
      measured.see(event);
      yield event;
    }
  }
  return { measuring: measured, events: events() };
}

/** What a run with these options leaves behind; `end` is its last event. */
export async function endingOf(
  { ending }: Pick<Experiment, "ending">,
  options: ReturnType<Experiment["arms"]>[string],
  given: Given,
  end: EndEvent,
): Promise<Ending> {
  const { params, stats } = end;
  return { params, stats, records: {}, ...(await ending?.of(options, given, end)) };
}

/** A finished run with what was recorded of its ending. */
export const withEnding = (
  run: FinishedRun,
  { records }: Pick<Ending, "records">,
): FinishedRun => ({
  ...run,
  records: { ...run.records, ...records },
});

/**
 * The summary that claims are judged by: of the runs and, where an experiment groups them, of the
 * groups.
 */
export function resultsOf(
  { measures, groups, arms }: Experiment,
  values: Values,
  runs: readonly FinishedRun[],
): StudyResults {
  if (!groups) return armResultsOf({ measures }, runs);
  const known = runs.map((run) => ({ ...run, measures: knownMeasures(measures, run) }));
  return summaryOf(groups.measures, groups.of(known, arms(values)));
}

/** The summary of the arms themselves. */
export const armResultsOf = (
  { measures }: Pick<Experiment, "measures">,
  runs: readonly FinishedRun[],
): StudyResults => summaryOf(measures, runs);

/**
 * What a run is known to have measured: of one that ended with what is not finite, what was known
 * after its first step; all else is null.
 */
export const knownMeasures = (
  readings: ByPath<Readable>,
  { measures, reason }: Pick<FinishedRun, "measures" | "reason">,
): FinishedRun["measures"] =>
  Object.fromEntries(
    Object.entries(measures).map(([name, value]) => [
      name,
      reason === "nonFinite" && !readings[name]?.isOfFirstStep ? null : value,
    ]),
  );

/** How the values of a measure of the arms, or of groups of arms, are to be read. */
export const readingOf = (
  { measures, groups }: Pick<Experiment, "measures" | "groups">,
  name: string,
): Readable | undefined => groups?.measures[name] ?? measures[name];

/** `summarizeStudy`, to which a run that ended with what is not finite has no values at all. */
function summaryOf(measures: ByPath<Readable>, runs: readonly FinishedRun[]): StudyResults {
  const better = Object.entries(measures).map(([name, of]) => [name, of.better] as const);
  const known = runs.map((run): FinishedRun => ({
    ...{ ...run, reason: "done" },
    measures: knownMeasures(measures, run),
  }));
  const results = summarizeStudy(known, Object.fromEntries(better));
  const nonFinite = (arm: string): number =>
    runs.filter((run) => run.arm === arm && run.reason === "nonFinite").length;
  const arms = Object.entries(results.arms).map(([arm, summary]) => [
    arm,
    { ...summary, nonFinite: nonFinite(arm) },
  ]);
  const reasons = new Map(known.map((run, i) => [run, runs[i]!.reason]));
  return {
    ...{ ...results, arms: Object.fromEntries(arms) },
    runs: results.runs.map((run) => ({ ...run, reason: reasons.get(run)! })),
  };
}

/** The judgement of each claim of an experiment. */
export function judgementsOf(
  of: Experiment,
  values: Values,
  runs: readonly FinishedRun[],
): readonly Judgement[] {
  const results = resultsOf(of, values, runs);
  return of.claims.map((claim) => judge(claim, results));
}
