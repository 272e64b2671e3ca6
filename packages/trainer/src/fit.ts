import type {
  AnyEngine,
  ByPath,
  Dataset,
  Layer,
  Loss,
  Metric,
  NDArray,
  Penalty,
  Stopper,
  Transform,
} from "@tenon/contracts";
import { breather } from "@tenon/guards";
import type { Tensor } from "@tenon/tensor";
import type { diagnose } from "./diagnose.js";
import type { FitEvent } from "./events.js";
import { newRun } from "./internal/run.js";
import { endEvent, epochEvent, save, startEvent } from "./internal/runEpochs.js";
import { epochSteps, statisticsEvent, stepEvent } from "./internal/runSteps.js";
import type { Weights } from "./predictor.js";
import type { CheckpointWriter, Snapshot } from "./snapshot.js";
import type { Observation } from "./statistics.js";

/** Says whether to stop: an AbortSignal is one. */
export interface Signal {
  readonly aborted: boolean;
}

export interface FitOptions {
  readonly train: Dataset;
  /** Scored after each epoch. @defaultValue none */
  readonly validation?: Dataset;
  /**
   * Validates only after every n-th epoch: n. Between them an epoch has no validation scores; what
   * monitors one, such as early stopping, then sees nothing and counts only the epochs that are
   * validated. The last epoch is validated only if it is such a one. @defaultValue 1
   */
  readonly validateEvery?: number;
  /** One number; of a dataset whose examples have weights, a loss for each example. */
  readonly loss: Loss<Tensor>;
  /** @defaultValue none */
  readonly metrics?: readonly Metric[];
  /**
   * For k batches to make one step, `accumulate(adam(), k)` of `@tenon/optimizers`: its schedules
   * count the steps that it makes.
   */
  readonly optimizer: Transform;
  /** Added to the loss. @defaultValue none */
  readonly penalties?: readonly Penalty[];
  /** How often every example is used. @defaultValue 1 */
  readonly epochs?: number;
  /** @defaultValue 32 */
  readonly batchSize?: number;
  /**
   * Whether to leave out the examples at the end of an epoch that do not fill a batch.
   * @defaultValue false
   */
  readonly dropLast?: boolean;
  /**
   * Initial values of parameters and statistics, by path: of all of them, or of some, such as those
   * of layers that were trained before. A run that is resumed does not read them.
   * @defaultValue all are drawn from the seed
   */
  readonly initial?: Partial<Weights>;
  /** Draws initial values, the order of examples, and dropout's masks. @defaultValue 0 */
  readonly seed?: number;
  /** What computes: `await wasm()` of `@tenon/wasm`, or `reference()` of `@tenon/tensor`. */
  readonly engine: AnyEngine<Tensor>;
  /** Stops early, and may bring back the best epoch. @defaultValue none */
  readonly earlyStopping?: Stopper;
  /**
   * Which weights are validated, and are those of the best epoch and of the end: `averageOf` for
   * what `ema`, `swa` or `scheduleFree` keep among the slots. They are of some or all parameters.
   * @defaultValue those that are trained
   */
  readonly evaluated?: (slots: ByPath<ByPath<NDArray>>) => ByPath<NDArray>;
  /**
   * Which epoch is the best, when nothing stops early. @defaultValue the lowest validation loss, or
   * training loss without validation
   */
  readonly best?: { readonly monitor: string; readonly mode: "min" | "max" };
  /**
   * Where the last and the best snapshot go: at the start, after each epoch, and where the run is
   * cut short. @defaultValue nowhere
   */
  readonly checkpoints?: CheckpointWriter;
  /**
   * Texts by name that each checkpoint holds, too: what a reader needs, such as the model's JSON
   * and the scaling of its inputs. @defaultValue none
   */
  readonly metadata?: ByPath<string>;
  /** Also write the last snapshot every n steps. @defaultValue never */
  readonly checkpointEvery?: number;
  /**
   * Goes on where a snapshot was taken; seed, batch size and whether the last batch is dropped are
   * the snapshot's. Other data are refused where the snapshot says which it was with and
   * `checkpoints` have a `digest`, as those of `runFolder` do.
   */
  readonly resume?: Snapshot;
  /**
   * Ends the run after the steps, or the batch of validation, under way; the last snapshot is
   * written.
   */
  readonly signal?: Signal;
  /**
   * Which steps are observed, such as `statistics({ every: 10 })`: a `statistics` event follows
   * each of them. Nothing else in the run changes by it. @defaultValue none
   */
  readonly observe?: Observation;
  /**
   * `diagnose`, which finds what was not finite first where a step is not.
   * @defaultValue none: the `nonFinite` event says that it was not, and not why
   */
  readonly diagnose?: typeof diagnose;
}

/**
 * Trains a model: an async stream of events, from `start` to `end`.
 *
 * It is a loop around `trainingStep`, which anyone can write instead: compile the step, feed it
 * batches, use its outputs. On an engine that answers later it keeps several steps in flight;
 * events, snapshots and weights are the same.
 *
 * @throws if an option makes no sense, or a snapshot does not fit the model, the optimizer and the
 *   data
 */
export async function* fit(
  model: Layer<Tensor>,
  options: FitOptions,
): AsyncGenerator<FitEvent, void, void> {
  const run = await newRun(model, options);
  let state = await run.steps.state();
  yield startEvent(run, state);
  // From here on there is always a snapshot from which the run can be resumed.
  if (!run.options.resume) yield* save(run, "last", state);
  const breathe = breather();
  while (run.reason === undefined) {
    const began = performance.now();
    for await (const step of epochSteps(run)) {
      yield stepEvent(run, step);
      if (step.isObserved) yield statisticsEvent(run, step);
      if (run.reason === "nonFinite") break;
      if (step.state) yield* save(run, "last", await step.state);
      await breathe();
    }
    state = await run.steps.state();
    if (run.reason !== undefined) break;
    const event = await epochEvent(run, state, began);
    if (event === undefined) break;
    yield event;
    if (event.best) yield* save(run, "best", state);
    yield* save(run, "last", state);
  }
  if (run.reason === "aborted" || run.reason === "nonFinite") yield* save(run, "last", state);
  yield endEvent(run, state);
}
