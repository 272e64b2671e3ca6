import type { Batch } from "@tenon/contracts";
import type { NonFiniteEvent, StepEvent } from "../events.js";
import type { TrainingState } from "../trainingStep.js";
import { checkedBatch } from "./checkData.js";
import { checkSameLoss } from "./checkFit.js";
import type { StepResult } from "./compiledSteps.js";
import { diagnose } from "./diagnose.js";
import { inFlight, type InFlight } from "./inFlight.js";
import { after, isLater, type Later } from "./later.js";
import { lossIn } from "./lossProgram.js";
import type { Run } from "./run.js";
import { counted, scoresOf } from "./tally.js";

/** A step's outputs, and when they arrived. */
export interface Answered {
  readonly result: StepResult;
  readonly answered: number;
}

/** A step that was submitted, with its batch. */
export interface SubmittedStep extends Batch {
  readonly submitted: number;
  readonly outputs: Later<Answered>;
  /** The state after it, where a checkpoint is due. */
  readonly state: Later<TrainingState> | undefined;
}

/** The steps of the epoch under way, from the batch that is next. */
export function epochSteps(run: Run): InFlight<SubmittedStep> {
  const { progress, batches, limit, options } = run;
  const { seed, batchSize, dropLast = false, epoch, batch } = progress;
  const steps: InFlight<SubmittedStep> = inFlight(
    options.train.batches({
      batchSize,
      seed,
      epoch,
      from: batch,
      // Metrics read a batch after its step, when the next ones have been read already.
      reuse: limit === 1,
      dropLast,
    }),
    limit,
    (read) => {
      const { x, y } = checkedBatch("fit", read);
      // A dataset need not drop its last batch by itself.
      if (run.progress.batch + steps.count() >= batches) return undefined;
      if (options.signal?.aborted) {
        run.reason = "aborted";
        return undefined;
      }
      return submit(run, { x, y }, steps.count());
    },
  );
  return steps;
}

/** Submits the step for a batch, while `ahead` others are in flight. */
function submit(run: Run, { x, y }: Batch, ahead: number): SubmittedStep {
  const { progress, options, batches, steps } = run;
  const { checkpoints, checkpointEvery } = options;
  const step = progress.step + ahead;
  const isLast = progress.batch + ahead + 1 >= batches;
  const submitted = now();
  const outputs = after(steps.step({ x, y, step, seed: progress.seed }), (result) => ({
    result,
    answered: now(),
  }));
  const isDue = checkpoints && checkpointEvery && (step + 1) % checkpointEvery === 0 && !isLast;
  const state = isDue ? steps.state() : undefined;
  if (isLater(state)) state.catch(() => {}); // where it fails, so does the step or the next one
  return { x, y, submitted, outputs, state };
}

/** Counts a step whose outputs have arrived. Gives nothing if it was not committed. */
export function stepEvent(
  run: Run,
  { x, y, submitted }: SubmittedStep,
  { result, answered }: Answered,
): StepEvent | undefined {
  const { options, batches, progress } = run;
  // Answers may overtake one another.
  const began = Math.max(submitted, run.answered);
  run.answered = Math.max(began, answered);
  const milliseconds = run.answered - began;
  run.trainSeconds += milliseconds / 1000;
  if (result.committed.data[0] === 0) return undefined;
  const tally = counted(progress, lossIn(result), options.metrics, result.predictions, y);
  if (progress.step === options.resume?.progress.step) checkSameLoss(progress, tally);
  run.progress = { ...progress, step: progress.step + 1, batch: progress.batch + 1, ...tally };
  return {
    type: "step",
    step: run.progress.step,
    epoch: run.progress.epoch + 1,
    batch: run.progress.batch,
    batches,
    examples: x.shape[0]!,
    loss: result.loss.data[0]!,
    running: scoresOf(run.progress, options.metrics),
    milliseconds,
  };
}

/** Ends the run at a step that was not committed, and says what was not finite. */
export async function nonFiniteEvent(
  run: Run,
  { x, y }: SubmittedStep,
  { result }: Answered,
): Promise<NonFiniteEvent> {
  const { model, options, progress, steps } = run;
  const { where, advice } = await diagnose(model, options, options.engine, await steps.state(), {
    x,
    y,
    step: progress.step,
    seed: progress.seed,
  });
  const loss = result.loss.data[0]!;
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

const now = (): number => performance.now();
