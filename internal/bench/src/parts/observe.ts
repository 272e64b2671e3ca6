import { join } from "node:path";
import { median } from "../rows.js";
import { groups, table } from "../table.js";
import { answers, inTurns, oneOfEach, type Alone, type Setting } from "./alone.js";

/** How much longer observed steps take, and runs that observe some of their steps. */
export interface ObserveRow extends Alone {
  readonly part: "observe";
  readonly work: string;
  readonly threads: number;
  /** Medians of steps that take turns. */
  readonly msPerStep: number;
  readonly msPerObservedStep: number;
  readonly stepRatio: number;
  /** The first step of a run is observed, and every n-th after it. */
  readonly every: number;
  readonly runSteps: number;
  /**
   * The fastest of three runs over the fastest of three without: with the compilation of the second
   * program, and the handing over of the state.
   */
  readonly runRatio: number;
}

/** What `observe.mjs` measured: milliseconds of each step, and of each run. */
export interface ObserveTimes {
  readonly work: string;
  readonly threads: number;
  readonly every: number;
  readonly plain: readonly number[];
  readonly observed: readonly number[];
  readonly count: number;
  readonly runs: Readonly<Record<"plain" | "observed", readonly number[]>>;
}

/** Steps and runs with and without observation, on one thread. */
export function observe(setting: Setting): Promise<ObserveRow[]> {
  const { quick, built, report } = setting;
  return inTurns(
    { ...setting, variants: oneOfEach(setting.variants) },
    ["W1", "W2", "W3"],
    async (variant, alone, work) => {
      report(`observe: ${alone.contender}, ${alone.runtime}: ${work}`);
      const times = await answers<ObserveTimes>(variant, [
        join(built, "observe.mjs"),
        JSON.stringify({ work, threads: 1, seconds: quick ? 0.3 : 5, every: 50 }),
      ]);
      return times.map((time) => observeRow(alone, time));
    },
  );
}

/** The row of what was measured. */
export function observeRow(
  alone: Alone,
  { work, threads, every, plain, observed, count, runs }: ObserveTimes,
): ObserveRow {
  const [msPerStep, msPerObservedStep] = [median(plain), median(observed)];
  return {
    part: "observe",
    ...alone,
    work,
    threads,
    msPerStep,
    msPerObservedStep,
    stepRatio: msPerObservedStep / msPerStep,
    every,
    runSteps: count,
    runRatio: Math.min(...runs.observed) / Math.min(...runs.plain),
  };
}

/** A line for each work and engine. */
export function drawnObserve(rows: readonly ObserveRow[]): string {
  return table(
    ["work", "engine", "on", "ms a step", "observed", "times", "steps of a run", "run, times"],
    groups(rows, ({ work }) => work).flatMap(([work, group]) =>
      group.map(
        (
          { contender, runtime, msPerStep, msPerObservedStep, stepRatio, runSteps, runRatio },
          i,
        ) => [
          i === 0 ? work : "",
          contender,
          runtime,
          msPerStep.toFixed(2),
          msPerObservedStep.toFixed(2),
          stepRatio.toFixed(2),
          runSteps.toFixed(0),
          runRatio.toFixed(3),
        ],
      ),
    ),
    3,
  );
}
