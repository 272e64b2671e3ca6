import type { CheckpointEvent, EndEvent, EpochEvent, StartEvent } from "../events.js";
import { sizeOf } from "@tenon/tensor";
import { score } from "../evaluate.js";
import { metadataOf, type EpochScores, type Snapshot } from "../snapshot.js";
import type { TrainingState } from "../trainingStep.js";
import { byPath } from "./byPath.js";
import { judge } from "./judge.js";
import { reasonOf, type Run } from "./run.js";
import { noTally, scoresOf } from "./tally.js";
import type { WeightsState } from "./weightedPrograms.js";

export function startEvent(
  { options, progress, batches }: Run,
  { params }: TrainingState,
): StartEvent {
  return {
    type: "start",
    step: progress.step,
    epoch: progress.epoch,
    epochs: options.epochs,
    stepsPerEpoch: batches,
    threads: options.engine.threads,
    parameters: Object.values(params).reduce((sum, { shape }) => sum + sizeOf(shape), 0),
  };
}

/** The run as it is after the step that left this state. */
function snapshotOf({ best, progress }: Run, { params, stats, slots }: TrainingState): Snapshot {
  return { arrays: byPath({ params, stats, slots, best }), progress };
}

/**
 * Writes a snapshot of the run, as it is after the step that left this state, if it has a place.
 */
export async function* save(
  run: Run,
  name: CheckpointEvent["name"],
  state: TrainingState,
): AsyncGenerator<CheckpointEvent, void, void> {
  const { checkpoints, metadata } = run.options;
  if (!checkpoints) return;
  const snapshot = snapshotOf(run, state);
  await checkpoints.write(name, snapshot.arrays, { ...metadata, ...metadataOf(snapshot) });
  yield { type: "checkpoint", name, step: run.progress.step };
}

/**
 * Validates at the end of an epoch, judges it, and goes on to the next or ends the run. Gives
 * nothing if the run was aborted meanwhile: validation may take long, and the resumed run begins
 * with it.
 *
 * @param began when the epoch began, in milliseconds
 */
export async function epochEvent(
  run: Run,
  state: TrainingState,
  began: number,
): Promise<EpochEvent | undefined> {
  const { options } = run;
  const { skipped, ...progress } = run.progress;
  const { metrics, epochs, signal, validateEvery } = options;
  const epoch = progress.epoch + 1;
  const validation = epoch % validateEvery === 0 ? options.validation : undefined;
  const { params, stats } = evaluatedOf(run, state);
  const validated =
    validation &&
    !signal?.aborted &&
    (await score(run.scorer, {
      who: "fit, validation",
      params,
      stats,
      data: validation,
      metrics,
      signal,
    }));
  if (validation && signal?.aborted) {
    run.reason = "aborted";
    return undefined;
  }
  const scores: EpochScores = {
    epoch,
    step: progress.step,
    train: scoresOf(progress, metrics),
    ...(validated && { validation: validated }),
    ...(skipped !== undefined && { skipped }),
  };
  const judged = judge(options, progress, scores);
  const { best, value } = judged;
  run.rates.observe(scores);
  const rates = run.rates.states();
  if (best) run.best = { params, stats };
  run.progress = {
    ...progress,
    epoch,
    batch: 0,
    ...noTally(metrics),
    history: [...progress.history, scores],
    ...(rates.length > 0 && { rates }),
    stopper: judged.state,
    stopped: judged.stop,
    best: best ? { epoch, value } : progress.best,
  };
  run.reason = reasonOf(run.progress, epochs);
  return { type: "epoch", ...scores, epochs, best, seconds: (performance.now() - began) / 1000 };
}

/** The weights that are validated: the state's own, or what the caller takes from its slots. */
function evaluatedOf({ options }: Run, { params, stats, slots }: TrainingState): WeightsState {
  return { params: { ...params, ...options.evaluated?.(slots) }, stats };
}

/** The end, with the weights of the best epoch where early stopping restores them. */
export function endEvent(run: Run, state: TrainingState): EndEvent {
  const { options, best, progress, reason } = run;
  const isRestored =
    options.earlyStopping?.restoreBest && reason !== "aborted" && progress.best.epoch > 0;
  const { params, stats } = isRestored ? best : evaluatedOf(run, state);
  return {
    type: "end",
    reason: reason!,
    params,
    stats,
    history: progress.history,
    snapshot: snapshotOf(run, state),
    trainSeconds: run.trainSeconds,
  };
}
