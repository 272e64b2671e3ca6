import type {
  ArraySpec,
  Dataset,
  Engine,
  Json,
  Layer,
  Loss,
  Metric,
  NDArray,
  Penalty,
  Program,
  Stopper,
  Transform,
} from "@tenon/contracts";
import { known, shown } from "@tenon/guards";
import { sizeOf, type Tensor } from "@tenon/tensor";
import { score } from "./evaluate.js";
import type { FitEvent } from "./events.js";
import { breather } from "./internal/breathe.js";
import { checkProgress } from "./internal/checkProgress.js";
import { checkRun } from "./internal/checkRun.js";
import { checkDataset, checkedBatch } from "./internal/checkData.js";
import { defaultEngine } from "./internal/defaultEngine.js";
import { diagnose } from "./internal/diagnose.js";
import { lossIn, lossProgram, type LossOutputs } from "./internal/lossProgram.js";
import { keptPrograms, recent } from "./internal/recent.js";
import { rehearse } from "./internal/rehearse.js";
import { counted, noTally, scoresOf } from "./internal/tally.js";
import {
  arraysOf,
  metadataOf,
  stateFrom,
  type CheckpointWriter,
  type DataIdentity,
  type EpochScores,
  type Progress,
  type Snapshot,
} from "./snapshot.js";
import { startOf, trainingStep, type TrainingState } from "./trainingStep.js";

/** Says whether to stop: an AbortSignal is one. */
export interface Signal {
  readonly aborted: boolean;
}

export interface FitOptions {
  readonly train: Dataset;
  /** Scored after each epoch. @defaultValue none */
  readonly validation?: Dataset;
  readonly loss: Loss<Tensor>;
  /** @defaultValue none */
  readonly metrics?: readonly Metric[];
  readonly optimizer: Transform;
  /** Added to the loss. @defaultValue none */
  readonly penalties?: readonly Penalty[];
  /** How often every example is seen. @defaultValue 1 */
  readonly epochs?: number;
  /** @defaultValue 32 */
  readonly batchSize?: number;
  /**
   * Whether to leave out the examples at the end of an epoch that do not fill a batch.
   * @defaultValue false
   */
  readonly dropLast?: boolean;
  /** Draws first values, the order of examples, and dropout's masks. @defaultValue 0 */
  readonly seed?: number;
  /** @defaultValue the reference engine, which is slow and says so */
  readonly engine?: Engine<Tensor>;
  /** Stops early, and may bring back the best epoch. @defaultValue none */
  readonly earlyStopping?: Stopper;
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
  /** Also write the last snapshot every so many steps. @defaultValue never */
  readonly checkpointEvery?: number;
  /**
   * Goes on where a snapshot was taken; seed, batch size and whether the last batch is dropped are
   * the snapshot's.
   */
  readonly resume?: Snapshot;
  /**
   * Ends the run after the step, or the batch of validation, under way; the last snapshot is
   * written.
   */
  readonly signal?: Signal;
}

/** The options of `fit` that have a default. */
const optional =
  "validation metrics penalties epochs batchSize dropLast seed engine earlyStopping best " +
  "checkpoints checkpointEvery resume signal";

/**
 * Trains a model: an async stream of events, from `start` to `end`.
 *
 * It is a loop around `trainingStep`, which anyone can write instead:
 * compile the step, feed it batches, look at what it gives back.
 *
 * @throws if an option makes no sense, or a snapshot does not fit the model, the optimizer and the
 *   data
 */
export async function* fit(
  model: Layer<Tensor>,
  options: FitOptions,
): AsyncGenerator<FitEvent, void, void> {
  known("fit", options, `train loss optimizer ${optional}`);
  if (options.best !== undefined) known("fit's best", options.best, "monitor mode");
  const {
    train,
    validation,
    loss,
    metrics = [],
    optimizer,
    penalties = [],
    epochs = 1,
    engine = defaultEngine("fit"),
    earlyStopping,
    checkpoints,
    checkpointEvery,
    resume,
    signal,
  } = options;
  checkRun("fit", {
    model,
    loss,
    metrics,
    optimizer,
    penalties,
    engine,
    earlyStopping,
    checkpoints,
    resume,
    signal,
    best: options.best,
  });
  if (resume)
    checkProgress(
      "fit: expected resume's progress",
      resume.progress,
      "; give a snapshot as it was",
    );
  check(options);
  const seed = resume?.progress.seed ?? options.seed ?? 0;
  const batchSize = resume?.progress.batchSize ?? options.batchSize ?? 32;
  const start = startOf(model, train.x.shape, optimizer, seed);
  const record = trainingStep(model, { loss, optimizer, penalties });
  const scorer = lossProgram(model, loss, engine);
  const dropLast = resume ? (resume.progress.dropLast ?? false) : (options.dropLast ?? false);
  const batches = dropLast ? Math.floor(train.size / batchSize) : Math.ceil(train.size / batchSize);
  const left = dropLast ? 0 : train.size % batchSize;
  if (batches === 0)
    throw new Error(
      `fit: expected at least one full batch where the last is dropped, got ${train.size} ` +
        `examples in batches of ${batchSize}; use a smaller batchSize`,
    );
  rehearse(
    model,
    start,
    train,
    [...(train.size >= batchSize ? [batchSize] : []), ...(left > 0 ? [left] : [])],
    batchSize,
  );

  if (resume) {
    const { batch, metrics: states } = resume.progress;
    if (batch > batches)
      throw new Error(
        `resume: expected a snapshot within the ${batches} batches of an epoch, got one after ` +
          `batch ${batch}; is it of a run with other data?`,
      );
    if (states.length !== metrics.length)
      throw new Error(
        `resume: expected the states of ${metrics.length} metrics, got ${states.length}; give ` +
          "the metrics that the run had",
      );
  }
  const data = await identities(options);
  if (resume) checkSameData(resume.progress.data ?? {}, data);
  let at: Progress = resume
    ? { ...resume.progress, data: { ...resume.progress.data, ...data } }
    : {
        data,
        seed,
        batchSize,
        ...(dropLast && { dropLast }),
        step: 0,
        epoch: 0,
        batch: 0,
        ...noTally(metrics),
        stopper: earlyStopping?.start ?? null,
        stopped: false,
        history: [],
        best: { epoch: 0, value: null },
      };
  let best: Record<string, NDArray> = resume ? pick(resume.arrays, "best/") : {};
  const steps = programs(engine, record, resume ? stateFrom(resume.arrays, start) : start, train);
  const snapshot = (): Snapshot => ({
    arrays: { ...arraysOf(steps.state()), ...best },
    progress: at,
  });
  const save = async (name: "last" | "best", from: Snapshot): Promise<FitEvent> => {
    await checkpoints!.write(name, from.arrays, metadataOf(from));
    return { type: "checkpoint", name, step: at.step };
  };

  yield {
    type: "start",
    step: at.step,
    epoch: at.epoch,
    epochs,
    stepsPerEpoch: batches,
    threads: engine.threads,
    parameters: Object.values(start.params).reduce((sum, { shape }) => sum + sizeOf(shape), 0),
  };
  // Whatever happens from here on, there is something to go on from.
  if (checkpoints && !resume) yield await save("last", snapshot());

  let trainSeconds = 0;
  const breathe = breather();
  let reason: "done" | "earlyStopping" | "aborted" | "nonFinite" = at.stopped
    ? "earlyStopping"
    : "done";
  running: while (at.epoch < epochs && !at.stopped) {
    const began = now();
    for await (const batch of train.batches({
      batchSize,
      seed,
      epoch: at.epoch,
      from: at.batch,
      reuse: true,
      ...(dropLast && { dropLast }),
    })) {
      const { x, y } = checkedBatch("fit", batch);
      if (at.batch >= batches) break; // of a dataset that does not drop by itself
      if (signal?.aborted) {
        reason = "aborted";
        break running;
      }
      const before = now();
      const outputs = steps.step(x, y, at.step, seed);
      const milliseconds = now() - before;
      const [value, n] = [outputs.loss.data[0]!, x.shape[0]!];
      trainSeconds += milliseconds / 1000;

      if (outputs.committed.data[0] === 0) {
        const { where, advice } = diagnose(
          model,
          { loss, optimizer, penalties },
          engine,
          steps.state(),
          { x, y, step: at.step, seed },
        );
        const got = Number.isFinite(value)
          ? `expected a step that is finite, got one that is not, although its loss is ${value},`
          : `expected a finite loss, got ${value}`;
        yield {
          type: "nonFinite",
          step: at.step + 1,
          epoch: at.epoch + 1,
          loss: value,
          where,
          message: `fit: ${got} in step ${at.step + 1} of epoch ${at.epoch + 1}; ${where} is the first that is not finite. The step changed nothing; ${advice}`,
        };
        reason = "nonFinite";
        break running;
      }
      const counts = counted(at, lossIn(outputs), metrics, outputs.predictions, y);
      if (at.step === resume?.progress.step) checkSameLoss(at, counts);
      at = { ...at, step: at.step + 1, batch: at.batch + 1, ...counts };
      yield {
        type: "step",
        step: at.step,
        epoch: at.epoch + 1,
        batch: at.batch,
        batches,
        examples: n,
        loss: value,
        running: scoresOf(at, metrics),
        milliseconds,
      };
      if (checkpoints && checkpointEvery && at.step % checkpointEvery === 0 && at.batch < batches)
        yield await save("last", snapshot());
      await breathe();
    }

    const state = steps.state();
    const epoch = at.epoch + 1;
    const trained = scoresOf(at, metrics);
    const validated =
      validation && !signal?.aborted
        ? await score(scorer, {
            params: state.params,
            stats: state.stats,
            data: validation,
            metrics,
            ...(signal && { signal }),
          })
        : undefined;
    // Validation may take long: who resumes the run begins with it.
    if (validation && signal?.aborted) {
      reason = "aborted";
      break;
    }
    const line: EpochScores = {
      epoch,
      step: at.step,
      train: trained,
      ...(validated && { validation: validated }),
    };
    const judged = judge(options, at, line);
    if (judged.best) best = keep(state);
    at = {
      ...at,
      epoch,
      batch: 0,
      ...noTally(metrics),
      history: [...at.history, line],
      stopper: judged.stopper,
      stopped: judged.stop,
      best: judged.best ? { epoch, value: judged.value } : at.best,
    };
    yield { type: "epoch", ...line, epochs, best: judged.best, seconds: (now() - began) / 1000 };
    if (checkpoints) {
      const taken = snapshot();
      if (judged.best) yield await save("best", taken);
      yield await save("last", taken);
    }
    if (judged.stop) reason = "earlyStopping";
  }

  const last = snapshot();
  if (checkpoints && (reason === "aborted" || reason === "nonFinite"))
    yield await save("last", last);
  const restored = earlyStopping?.restoreBest && reason !== "aborted" && at.best.epoch > 0;
  const weights = restored
    ? { params: pick(best, "best/params/", ""), stats: pick(best, "best/stats/", "") }
    : steps.state();
  yield {
    type: "end",
    reason,
    params: weights.params,
    stats: weights.stats,
    history: at.history,
    snapshot: last,
    trainSeconds,
  };
}

function check({
  train,
  validation,
  dropLast = false,
  epochs = 1,
  batchSize = 32,
  seed = 0,
  checkpointEvery,
  checkpoints,
}: FitOptions): void {
  const whole = (name: string, value: number, least: number): void => {
    if (!Number.isInteger(value) || value < least)
      throw new Error(`fit: expected ${name} to be an integer ≥ ${least}, got ${shown(value)}`);
  };
  checkDataset("fit", "train", train);
  if (validation !== undefined) checkDataset("fit", "validation", validation);
  if (typeof dropLast !== "boolean")
    throw new Error(`fit: expected dropLast to be true or false, got ${shown(dropLast)}`);
  whole("epochs", epochs, 0);
  whole("batchSize", batchSize, 1);
  if (!Number.isInteger(seed) || (seed | 0) !== seed)
    throw new Error(`fit: expected a seed that is a 32-bit integer, got ${shown(seed)}`);
  if (checkpointEvery !== undefined) {
    whole("checkpointEvery", checkpointEvery, 1);
    if (!checkpoints)
      throw new Error(
        "fit: expected checkpoints when checkpointEvery is given, got none; say where they " +
          "should go",
      );
  }
  if (train.size === 0)
    throw new Error("fit: expected at least one example to train on, got an empty dataset");
}

async function identities({ train, validation }: FitOptions): Promise<DataIdentity> {
  const [of, ofValidation] = [await train.identity?.(), await validation?.identity?.()];
  return {
    ...(of !== undefined && { train: of }),
    ...(ofValidation !== undefined && { validation: ofValidation }),
  };
}

/** Throws where a snapshot knows its data and is given other data. */
function checkSameData(before: DataIdentity, now: DataIdentity): void {
  for (const [part, name] of [
    ["train", "training"],
    ["validation", "validation"],
  ] as const) {
    const [expected, got] = [before[part], now[part]];
    if (expected === undefined || got === undefined || expected === got) continue;
    throw new Error(
      `resume: expected the ${name} data that the snapshot was taken with (identity ` +
        `${expected}), got other data (${got}); give the same examples in the same order and ` +
        "units, or leave progress.data out of the snapshot to go on with others",
    );
  }
}

/**
 * Throws where the losses of an epoch's first batches were put together in another way than those
 * that follow.
 */
function checkSameLoss(
  { examples, lossParts: { length } }: Progress,
  { lossParts: now }: Pick<Progress, "lossParts">,
): void {
  if (examples > 0 && length !== now.length)
    throw new Error(
      `resume: expected a loss of ${length} parts, as in the epoch that the snapshot is in the ` +
        `middle of, got one of ${now.length}; give the loss and penalties that the run had, or a ` +
        "snapshot of the end of an epoch",
    );
}

type StepResult = LossOutputs & { readonly committed: NDArray };

/** The training step for whatever size of batch comes; the state moves along. */
function programs(
  engine: Engine<Tensor>,
  record: ReturnType<typeof trainingStep>,
  start: TrainingState,
  data: Dataset,
) {
  type Compiled = Program<
    TrainingState,
    { x: NDArray; y: NDArray; step: number; seed: number },
    StepResult
  >;
  const compiled = recent<number, Compiled>(keptPrograms);
  let current: Compiled | undefined;
  const state = (): TrainingState => current?.state() ?? start;
  const scalar = { shape: [], dtype: "int32" } as const;
  const batch = (n: number, { shape, dtype = "float32" }: ArraySpec): ArraySpec => ({
    shape: [n, ...shape],
    dtype,
  });
  return {
    step(x: NDArray, y: NDArray, step: number, seed: number): StepResult {
      const n = x.shape[0]!;
      let fresh = false;
      const program = compiled.get(n, () => {
        fresh = true;
        return engine.compile(record as never, state() as never, {
          x: batch(n, data.x),
          y: batch(n, data.y),
          step: scalar,
          seed: scalar,
        }) as unknown as Compiled;
      });
      if (!fresh && program !== current) program.load(state());
      current = program;
      return program.step({ x, y, step, seed });
    },
    state,
  };
}

/** Whether an epoch is the best so far, and whether to go on. */
function judge(
  { earlyStopping, best, validation }: FitOptions,
  at: Progress,
  line: EpochScores,
): { best: boolean; stop: boolean; stopper: Json; value: number } {
  const monitor =
    earlyStopping?.monitor ?? best?.monitor ?? (validation ? "validation.loss" : "train.loss");
  const [part, name] = monitor.includes(".")
    ? [monitor.slice(0, monitor.indexOf(".")), monitor.slice(monitor.indexOf(".") + 1)]
    : ["validation", monitor];
  const value = (
    part === "train" ? line.train : part === "validation" ? line.validation : undefined
  )?.[name];
  if (value === undefined) {
    const names = [
      ...Object.keys(line.train).map((key) => `train.${key}`),
      ...Object.keys(line.validation ?? {}).map((key) => `validation.${key}`),
    ];
    throw new Error(`fit: expected to monitor one of ${names.join(", ")}, got "${monitor}"`);
  }
  if (earlyStopping) {
    const seen = earlyStopping.observe(at.stopper, value, line.epoch);
    return { best: seen.best, stop: seen.stop, stopper: seen.state, value };
  }
  const sign = best?.mode === "max" ? -1 : 1;
  const before = at.best.value;
  // What is not finite is never the best: nothing would be better than NaN.
  return {
    best: Number.isFinite(value) && (before === null || sign * value < sign * before),
    stop: false,
    stopper: null,
    value,
  };
}

function keep({ params, stats }: TrainingState): Record<string, NDArray> {
  return Object.fromEntries([
    ...Object.entries(params).map(([path, array]) => [`best/params/${path}`, array] as const),
    ...Object.entries(stats).map(([path, array]) => [`best/stats/${path}`, array] as const),
  ]);
}

/** The entries under a prefix, with another one instead. */
function pick(
  arrays: Readonly<Record<string, NDArray>>,
  prefix: string,
  instead: string = prefix,
): Record<string, NDArray> {
  return Object.fromEntries(
    Object.entries(arrays).flatMap(([path, array]) =>
      path.startsWith(prefix) ? [[instead + path.slice(prefix.length), array]] : [],
    ),
  );
}

const now = (): number => performance.now();
