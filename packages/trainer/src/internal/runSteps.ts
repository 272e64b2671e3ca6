import type { Batch } from "@tenon/contracts";
import type { NonFiniteEvent, StatisticsEvent, StepEvent } from "../events.js";
import { statisticsOf } from "../statistics.js";
import type { TrainingState } from "../trainingStep.js";
import { checkSameLoss } from "./checkFit.js";
import type { StepResult } from "./compiledSteps.js";
import { diagnose } from "./diagnose.js";
import { inFlight } from "./inFlight.js";
import { after, handled, type Later } from "./later.js";
import type { Run } from "./run.js";
import { counted, scoresOf, valueOf } from "./tally.js";

/** A step that was submitted, with its batch. */
export interface SubmittedStep extends Batch {
  readonly submitted: number;
  /** What it gave, and when that arrived. */
  readonly outputs: Later<{ readonly result: StepResult; readonly answered: number }>;
  readonly isObserved: boolean;
  /** The state after it, where a checkpoint is due. */
  readonly state: Later<TrainingState> | undefined;
}

/** The steps of the epoch under way, from the batch that is next. */
export function epochSteps(run: Run): AsyncIterable<SubmittedStep> {
  const { batches, options, scorer } = run;
  const { seed, batchSize, dropLast = false, epoch, batch } = run.progress;
  const { limit } = scorer;
  // Metrics read a batch after its step, when the next ones have been read already.
  const reuse = limit === 1;
  return inFlight(
    "fit",
    options.train.batches({ batchSize, seed, epoch, from: batch, reuse, dropLast }),
    limit,
    (read, ahead) => {
      // A dataset need not drop its last batch by itself.
      if (run.progress.batch + ahead >= batches) return undefined;
      if (options.signal?.aborted) {
        run.reason = "aborted";
        return undefined;
      }
      return submit(run, read, ahead);
    },
  );
}

/** Submits the step for a batch, while `ahead` others are in flight. */
function submit({ progress, options, batches, steps }: Run, { x, y }: Batch, ahead: number) {
  const { checkpointEvery, observe } = options;
  const step = progress.step + ahead;
  const isObserved = observe !== undefined && step % observe.every === 0;
  const isLast = progress.batch + ahead + 1 >= batches;
  const submitted = performance.now();
  const outputs = after(steps.step({ x, y, step, seed: progress.seed }, isObserved), (result) => ({
    result,
    answered: performance.now(),
  }));
  const isDue = checkpointEvery && (step + 1) % checkpointEvery === 0 && !isLast;
  const state = isDue ? steps.state() : undefined;
  handled(state); // where it fails, so does the step or the next one
  return { x, y, submitted, outputs, isObserved, state };
}

/** Counts a step, or ends the run if it was not committed; at once where its outputs are there. */
export function stepEvent(
  run: Run,
  { x, y, submitted, outputs }: SubmittedStep,
): Later<StepEvent | NonFiniteEvent> {
  return after(outputs, ({ result, answered }): Later<StepEvent | NonFiniteEvent> => {
    const { options, batches, progress } = run;
    // Answers may overtake one another.
    const began = Math.max(submitted, run.answered);
    run.answered = Math.max(began, answered);
    const milliseconds = run.answered - began;
    run.trainSeconds += milliseconds / 1000;
    const loss = valueOf(result.loss);
    if (valueOf(result.committed) === 0) return nonFiniteEvent(run, { x, y }, loss);
    const tally = counted(progress, result, options.metrics, y);
    if (progress.step === options.resume?.progress.step) checkSameLoss(progress, tally);
    const [step, batch] = [progress.step + 1, progress.batch + 1];
    run.progress = { ...progress, step, batch, ...tally };
    return {
      type: "step",
      step,
      epoch: progress.epoch + 1,
      batch,
      batches,
      examples: x.shape[0]!,
      loss,
      running: scoresOf(tally, options.metrics),
      milliseconds,
    };
  });
}

/** Ends the run at a step that was not committed, and says what was not finite. */
async function nonFiniteEvent(run: Run, batch: Batch, loss: number): Promise<NonFiniteEvent> {
  const { model, options, progress, steps } = run;
  const { where, advice } = await diagnose(model, options, await steps.state(), batch, progress);
  const [step, epoch] = [progress.step + 1, progress.epoch + 1];
  const got = Number.isFinite(loss)
    ? `expected a step that is finite, got one that is not, although its loss is ${loss},`
    : `expected a finite loss, got ${loss}`;
  run.reason = "nonFinite";
  return {
    type: "nonFinite",
    step,
    epoch,
    loss,
    where,
    message:
      `fit: ${got} in step ${step} of epoch ${epoch}; ${where} is the first that is not finite. ` +
      `The step changed nothing; ${advice}`,
  };
}

/** What was measured in a step, after `stepEvent` has answered. */
export function statisticsEvent(
  { progress, reason }: Run,
  { outputs }: SubmittedStep,
): Later<StatisticsEvent> {
  return after(outputs, ({ result }) => ({
    type: "statistics",
    // A step that was not committed is not counted.
    step: progress.step + (reason === "nonFinite" ? 1 : 0),
    epoch: progress.epoch + 1,
    ...statisticsOf(result.observed!),
  }));
}
