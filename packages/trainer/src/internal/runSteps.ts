import type { Batch } from "@tenon/contracts";
import type { NonFiniteEvent, SkippedEvent, StatisticsEvent, StepEvent } from "../events.js";
import type { TrainingState } from "../trainingStep.js";
import { checkSameLoss } from "./checkFit.js";
import type { StepResult } from "./compiledSteps.js";
import { explained } from "./explained.js";
import { inFlight } from "./inFlight.js";
import { after, handled, type Later } from "./later.js";
import type { Run } from "./run.js";
import { counted, scoresOf, valueOf } from "./tally.js";

/** A step that was submitted, with its batch. */
export interface SubmittedStep {
  readonly batch: Batch;
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
function submit({ progress, options, batches, steps }: Run, batch: Batch, ahead: number) {
  const { checkpointEvery, observe } = options;
  const step = progress.step + ahead;
  const isObserved = observe !== undefined && step % observe.every === 0;
  const isLast = progress.batch + ahead + 1 >= batches;
  const submitted = performance.now();
  const outputs = after(
    explained("fit", batch, () => steps.step({ ...batch, step, seed: progress.seed }, isObserved)),
    (result) => ({
      result,
      answered: performance.now(),
    }),
  );
  const isDue = checkpointEvery && (step + 1) % checkpointEvery === 0 && !isLast;
  const state = isDue ? steps.state() : undefined;
  handled(state); // where it fails, so does the step or the next one
  return { batch, submitted, outputs, isObserved, state };
}

type AnyStepEvent = StepEvent | SkippedEvent | NonFiniteEvent;

/**
 * Counts a step, as one of those left out where the optimizer did so, or ends the run if it was not
 * committed; at once where its outputs are there.
 */
export function stepEvent(
  run: Run,
  { batch: read, submitted, outputs }: SubmittedStep,
): Later<AnyStepEvent> {
  return after(outputs, ({ result, answered }): Later<AnyStepEvent> => {
    const { options, batches, progress } = run;
    // Answers may overtake one another.
    const began = Math.max(submitted, run.answered);
    run.answered = Math.max(began, answered);
    const milliseconds = run.answered - began;
    run.trainSeconds += milliseconds / 1000;
    if (valueOf(result.committed) === 0) return nonFiniteEvent(run, read, result);
    const inARow = skippedOf(result);
    const tally = inARow
      ? { ...progress, skipped: (progress.skipped ?? 0) + 1 }
      : counted(progress, result, options.metrics, read);
    if (progress.step === options.resume?.progress.step) checkSameLoss(progress, tally);
    const [step, batch] = [progress.step + 1, progress.batch + 1];
    run.progress = { ...progress, ...tally, step, batch };
    const event = {
      type: "step",
      step,
      epoch: progress.epoch + 1,
      batch,
      batches,
      examples: read.x.shape[0]!,
      loss: valueOf(result.loss),
      running: scoresOf(tally, options.metrics),
      milliseconds,
    } as const;
    return inARow ? { ...event, type: "skipped", inARow } : event;
  });
}

/** How many steps in a row the optimizer left out, with this one. */
const skippedOf = ({ skipped }: StepResult): number => (skipped ? valueOf(skipped) : 0);

/** Ends the run at a step that was not committed, and says what was not finite. */
async function nonFiniteEvent(run: Run, batch: Batch, result: StepResult): Promise<NonFiniteEvent> {
  const { model, options, progress, steps, rates } = run;
  const { loss: lossOf, penalties = [], engine } = options;
  const found = await options.diagnose?.(model, {
    ...{ loss: lossOf, optimizer: rates.optimizer, penalties, engine },
    ...{ state: await steps.state(), batch, step: progress.step, seed: progress.seed },
  });
  const [step, epoch] = [progress.step + 1, progress.epoch + 1];
  const loss = valueOf(result.loss);
  const got = Number.isFinite(loss)
    ? `expected a step that is finite, got one that is not, although its loss is ${loss},`
    : `expected a finite loss, got ${loss}`;
  const before = skippedOf(result) - 1;
  const skipped = before > 0 ? `, after ${before} in a row that were left out` : "";
  run.reason = "nonFinite";
  return {
    type: "nonFinite",
    step,
    epoch,
    loss,
    ...(found && { where: found.where }),
    message:
      `fit: ${got} in step ${step} of epoch ${epoch}${skipped}` +
      (found ? `; ${found.where} is the first that is not finite` : "") +
      ". The step changed nothing; " +
      (found?.advice ??
        "give fit diagnose of @tenon/trainer, which finds what was not finite first"),
  };
}

/** What was measured in a step, after `stepEvent` has answered. */
export function statisticsEvent(
  { progress, reason, options }: Run,
  { outputs }: SubmittedStep,
): Later<StatisticsEvent> {
  return after(outputs, ({ result }) => ({
    type: "statistics",
    // A step that was not committed is not counted.
    step: progress.step + (reason === "nonFinite" ? 1 : 0),
    epoch: progress.epoch + 1,
    ...options.observe!.statisticsOf(result.observed!),
  }));
}
