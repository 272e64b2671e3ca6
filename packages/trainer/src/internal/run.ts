import type { AnyEngine, ByPath, Layer, NDArray } from "@tenon/contracts";
import { sizeOf, type Tensor } from "@tenon/tensor";
import type { EndEvent } from "../events.js";
import type { FitOptions } from "../fit.js";
import { stateFrom, type DataIdentity, type Progress } from "../snapshot.js";
import { startOf, trainingStep } from "../trainingStep.js";
import { batchesOf, checkFit, checkResumed, checkSameData } from "./checkFit.js";
import { compiledSteps, type CompiledSteps } from "./compiledSteps.js";
import { defaultEngine } from "./defaultEngine.js";
import { lossProgram, type LossProgram } from "./lossProgram.js";
import { rehearse } from "./rehearse.js";
import { noTally } from "./tally.js";
import type { WeightsState } from "./weightedPrograms.js";

/** A run of `fit`: what it was given, and where it is. */
export interface Run {
  readonly model: Layer<Tensor>;
  readonly options: FitOptions & Required<Pick<FitOptions, "engine" | "metrics" | "epochs">>;
  readonly steps: CompiledSteps;
  readonly scorer: LossProgram;
  readonly batches: number;
  readonly parameters: number;
  /** How many steps are in flight at a time. */
  readonly limit: number;
  progress: Progress;
  /** The weights of the best epoch so far; none before there is one. */
  best: WeightsState;
  trainSeconds: number;
  /** When the outputs of the last step arrived. */
  answered: number;
  /** Why it ended; undefined while it goes on. */
  reason: EndEvent["reason"] | undefined;
}

/** Checks what a run is given, and prepares it. Nothing is compiled yet. */
export async function newRun(model: Layer<Tensor>, given: FitOptions): Promise<Run> {
  checkFit(model, given);
  const engine: AnyEngine<Tensor> = given.engine ?? defaultEngine("fit");
  const { metrics = [], epochs = 1 } = given;
  const options = { ...given, engine, metrics, epochs };
  const { train, loss, optimizer, penalties = [], resume } = options;
  const settings = settingsOf(options);
  const start = startOf(model, train.x.shape, optimizer, settings.seed);
  const step = trainingStep(model, { loss, optimizer, penalties });
  const scorer = lossProgram(model, loss, engine);
  const { batches, sizes } = batchesOf(train, settings.batchSize, settings.dropLast ?? false);
  rehearse(model, start, train, sizes, settings.batchSize);
  if (resume) checkResumed(resume.progress, batches, metrics.length);
  const data = await identities(options);
  if (resume) checkSameData(resume.progress.data ?? {}, data);
  const progress: Progress = resume
    ? { ...resume.progress, data: { ...resume.progress.data, ...data } }
    : { data, ...settings, ...beginning(options) };
  const { stepsInFlight: limit = 1 } = engine;
  const first = resume ? stateFrom(resume.arrays, start) : start;
  const committed: NDArray = { shape: [], dtype: "int32", data: Int32Array.of(1) };
  return {
    model,
    options,
    steps: compiledSteps(engine, step, limit > 1 ? { ...first, committed } : first, train),
    scorer,
    batches,
    parameters: Object.values(start.params).reduce((sum, { shape }) => sum + sizeOf(shape), 0),
    limit,
    progress,
    best: {
      params: arraysUnder(resume?.arrays, "best/params/"),
      stats: arraysUnder(resume?.arrays, "best/stats/"),
    },
    trainSeconds: 0,
    answered: 0,
    reason: reasonOf(progress, epochs),
  };
}

/** Why a run has ended after an epoch, if it has. */
export function reasonOf({ stopped, epoch }: Progress, epochs: number): Run["reason"] {
  return stopped ? "earlyStopping" : epoch >= epochs ? "done" : undefined;
}

/** What stays the same through a run, and is the snapshot's where it is resumed. */
function settingsOf({
  resume,
  seed = 0,
  batchSize = 32,
  dropLast = false,
}: FitOptions): Pick<Progress, "seed" | "batchSize" | "dropLast"> {
  const settings = resume?.progress ?? { seed, batchSize, dropLast };
  return {
    seed: settings.seed,
    batchSize: settings.batchSize,
    ...(settings.dropLast && { dropLast: true }),
  };
}

/** The progress of a run that has not begun. */
function beginning({ metrics = [], earlyStopping }: FitOptions) {
  return {
    step: 0,
    epoch: 0,
    batch: 0,
    ...noTally(metrics),
    stopper: earlyStopping?.start ?? null,
    stopped: false,
    history: [],
    best: { epoch: 0, value: null },
  } satisfies Partial<Progress>;
}

/** The arrays whose paths begin with a prefix, by what follows it. */
function arraysUnder(arrays: ByPath<NDArray> = {}, prefix: string): ByPath<NDArray> {
  return Object.fromEntries(
    Object.entries(arrays).flatMap(([path, array]) =>
      path.startsWith(prefix) ? [[path.slice(prefix.length), array]] : [],
    ),
  );
}

async function identities({ train, validation }: FitOptions): Promise<DataIdentity> {
  const [trainIdentity, validationIdentity] = [
    await train.identity?.(),
    await validation?.identity?.(),
  ];
  return {
    ...(trainIdentity !== undefined && { train: trainIdentity }),
    ...(validationIdentity !== undefined && { validation: validationIdentity }),
  };
}
