import type { ByPath, Json, Layer } from "@tenon/contracts";
import type { Tensor } from "@tenon/tensor";
import type { FitEvent } from "./events.js";
import { fit, type FitOptions, type Signal } from "./fit.js";
import { checkSetup, checkStudy } from "./internal/checkStudy.js";
import { describer, type Describe } from "./internal/studyDefinition.js";
import { runStore, type RunStore } from "./internal/studyRuns.js";
import type { Measure } from "./measures.js";
import { measuring, type Measuring } from "./measuring.js";
import type { Recorder } from "./records.js";
import type { Snapshot } from "./snapshot.js";
import { summarizeStudy, type FinishedRun, type StudyResults } from "./studyResults.js";
import type { StudyStore } from "./studyStore.js";

/** What `fit` takes, less what the study gives it itself. */
export interface StudySetup extends Omit<
  FitOptions,
  "seed" | "checkpoints" | "checkpointEvery" | "resume" | "signal"
> {
  readonly model: Layer<Tensor>;
}

export interface StudyOptions<A extends ByPath<Json>> {
  /**
   * What is compared: for each arm, by its name, the options that it differs in. `gridOf` makes the
   * arms of a sweep.
   */
  readonly arms: A;
  /** Each arm is run once with each of these 32-bit integers. */
  readonly seeds: readonly number[];
  /** The model of an arm, and the options of `fit`. Called for each run, also for finished ones. */
  readonly setup: (options: A[keyof A], seed: number) => StudySetup | Promise<StudySetup>;
  /** What runs are judged by, by name: `{ accuracy: finalOf("validation.accuracy", "higher") }`. */
  readonly measures: ByPath<Measure>;
  /**
   * What is kept of each run, by name: `{ loss: curveOf("loss") }`. No measure may have the same
   * name. @defaultValue nothing
   */
  readonly records?: ByPath<Recorder>;
  /** Where runs are kept, so that the study can be continued. @defaultValue nowhere */
  readonly store?: StudyStore;
  /**
   * Also store the run under way every n steps, in addition to its start and the end of each epoch.
   * @defaultValue never
   */
  readonly checkpointEvery?: number;
  /** Ends the study after the steps under way; the last snapshot is stored. */
  readonly signal?: Signal;
}

/** Which run an event is of: `run` counts from 1 to `runs`. */
export interface RunOfStudy {
  readonly arm: string;
  readonly seed: number;
  readonly run: number;
  readonly runs: number;
}

/** Before the first run. */
export interface StudyStartEvent {
  readonly type: "start";
  readonly arms: readonly string[];
  readonly seeds: readonly number[];
  readonly runs: number;
}

/** A run begins. */
export interface RunStartEvent extends RunOfStudy {
  readonly type: "runStart";
  /** The step after which it continues, if it was stored; else 0. */
  readonly step: number;
}

/** An event of the run under way. */
export interface RunFitEvent extends RunOfStudy {
  readonly type: "fit";
  readonly event: FitEvent;
}

/** A run has ended. */
export interface RunEndEvent extends RunOfStudy {
  readonly type: "runEnd";
  readonly result: FinishedRun;
  /** Whether it had been finished and stored before, and was not run now. */
  readonly stored: boolean;
}

/** The last event, always. */
export interface StudyEndEvent {
  readonly type: "end";
  readonly reason: "done" | "aborted";
  /** Of the runs that have ended. */
  readonly results: StudyResults;
}

export type StudyEvent =
  StudyStartEvent | RunStartEvent | RunFitEvent | RunEndEvent | StudyEndEvent;

/**
 * Compares arms by repeated runs: an async stream of events, from `start` to `end`, whose `results`
 * say what `summarizeStudy` makes of the runs. All arms are run with the first seed, then with the
 * second, and so on.
 *
 * Runs with the same seed are paired. Parameters that have the same path, shape and init begin with
 * the same bits, whatever layers without parameters are between them; the order of the examples is
 * the same for datasets of the same size; a dropout with the same path draws the same uniform
 * numbers, so that the mask of a higher rate contains that of a lower one. Not paired are
 * parameters whose path differs, as that of `dense2` where one arm has a further `dense` before it.
 *
 * With a store the study can be killed at any time: called again, it takes finished runs from the
 * store and continues the run under way with the same bits. Arms and seeds may be added meanwhile.
 * A stored run is refused by name if the options of its arm, its model, its loss, its optimizer
 * with its schedules, its data or what it is measured by have changed: the training step is
 * compared as a graph. What is in no step is not seen, such as an init that has no JSON, or the
 * patience of early stopping: pass such numbers in the options of the arms, or begin with an empty
 * store.
 *
 * @throws RangeError if an option makes no sense, or a stored run is of another study
 */
export async function* study<const A extends ByPath<Json>>(
  options: StudyOptions<A>,
): AsyncGenerator<StudyEvent, void, void> {
  checkStudy(options);
  const { arms, seeds, store, measures, signal } = options;
  const close = await store?.open?.();
  try {
    const names = Object.keys(arms);
    const planned = seeds.flatMap((seed) => names.map((arm) => ({ arm, seed })));
    const runs = planned.length;
    const finished: FinishedRun[] = [];
    const describe = describer(store?.digest);
    yield { type: "start", arms: names, seeds: [...seeds], runs };
    for (const [i, { arm, seed }] of planned.entries()) {
      if (signal?.aborted) break;
      const result = yield* runOfStudy(options, describe, { arm, seed, run: i + 1, runs });
      if (!result) break;
      finished.push(result);
    }
    const better = Object.fromEntries(
      Object.entries(measures).map(([name, measure]) => [name, measure.better]),
    );
    const inOrder = names.flatMap((name) => finished.filter(({ arm }) => arm === name));
    const reason = finished.length < runs ? "aborted" : "done";
    yield { type: "end", reason, results: summarizeStudy(inOrder, better) };
  } finally {
    await close?.();
  }
}

/** Takes a run from the store, or runs it. Gives nothing if it was aborted. */
async function* runOfStudy<A extends ByPath<Json>>(
  options: StudyOptions<A>,
  describe: Describe,
  which: RunOfStudy,
): AsyncGenerator<StudyEvent, FinishedRun | undefined, void> {
  const { arms, setup, measures, records, store } = options;
  const armOptions = arms[which.arm as keyof A]!;
  try {
    const runSetup = checkSetup(await setup(armOptions, which.seed));
    const measured = measuring(measures, records);
    const kept = store && runStore(store, which, await describe(armOptions, runSetup), measured);
    const found = await kept?.read();
    if (found?.result) {
      yield { type: "runEnd", ...which, result: found.result, stored: true };
      return found.result;
    }
    const snapshot = found?.snapshot;
    yield { type: "runStart", ...which, step: snapshot?.progress.step ?? 0 };
    const result = yield* fitted(options, which, { runSetup, measured, kept, snapshot });
    if (!result) return undefined;
    await kept?.finish(result);
    yield { type: "runEnd", ...which, result, stored: false };
    return result;
  } catch (error) {
    throw inRun(error as Error, which);
  }
}

/** The parts of a run. */
interface Parts {
  readonly runSetup: StudySetup;
  readonly measured: Measuring;
  readonly kept: RunStore | undefined;
  readonly snapshot: Snapshot | undefined;
}

/** Trains, from the start or from the snapshot. Gives nothing if it was aborted. */
async function* fitted<A extends ByPath<Json>>(
  { checkpointEvery, signal }: StudyOptions<A>,
  which: RunOfStudy,
  { runSetup, measured, kept, snapshot }: Parts,
): AsyncGenerator<RunFitEvent, FinishedRun | undefined, void> {
  const { model, ...fitOptions } = runSetup;
  const events = fit(model, {
    ...fitOptions,
    seed: which.seed,
    ...(kept && { checkpoints: kept.checkpoints }),
    ...(kept && checkpointEvery !== undefined && { checkpointEvery }),
    ...(snapshot && { resume: snapshot }),
    ...(signal && { signal }),
  });
  for await (const event of events) {
    if (event.type === "checkpoint" && event.name === "best") continue; // it was not written
    measured.see(event);
    yield { type: "fit", ...which, event };
    if (event.type !== "end") continue;
    return event.reason === "aborted" ? undefined : measured.finished(which, event);
  }
  return undefined;
}

/** An error of a run, which says in which it was. */
function inRun(error: Error, { arm, seed }: RunOfStudy): Error {
  const { name, message } = error;
  if (message.startsWith("study: ")) return error;
  const text = `study: in arm ${JSON.stringify(arm)} with seed ${seed}: ${message}`;
  return name === "RangeError"
    ? new RangeError(text, { cause: error })
    : new Error(text, { cause: error });
}
