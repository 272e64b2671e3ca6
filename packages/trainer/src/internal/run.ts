import { inNameOf } from "@tenon/guards";
import type { ByPath, Layer, NDArray } from "@tenon/contracts";
import type { Tensor } from "@tenon/tensor";
import type { EndEvent } from "../events.js";
import type { FitOptions } from "../fit.js";
import { stateFrom, type Progress } from "../snapshot.js";
import { startOf } from "../trainingStep.js";
import { batchesOf, checkedFit, checkResumed, identitiesOf, type RunOptions } from "./checkFit.js";
import { compiledSteps, type CompiledSteps } from "./compiledSteps.js";
import { monitored } from "./judge.js";
import { lossProgram, type LossProgram } from "./lossProgram.js";
import { monitoredRates, type MonitoredRates } from "./monitoredRates.js";
import { rehearse } from "./rehearse.js";
import { scalar } from "./specs.js";
import { stepOf } from "./stepOf.js";
import { noTally } from "./tally.js";
import type { WeightsState } from "./weightedPrograms.js";

/** A run of `fit`: what it was given, and where it is. */
export interface Run {
  readonly model: Layer<Tensor>;
  readonly options: RunOptions;
  readonly steps: CompiledSteps;
  readonly scorer: LossProgram;
  /** How many batches an epoch has. */
  readonly batches: number;
  progress: Progress;
  readonly rates: MonitoredRates;
  /** The weights of the best epoch so far; none before there is one. */
  best: WeightsState;
  trainSeconds: number;
  /** When the outputs of the last step arrived. */
  answered: number;
  /** Why it ended; undefined while it goes on. */
  reason: EndEvent["reason"] | undefined;
}

/** Checks what a run is given, and prepares it. Nothing is compiled yet. */
export async function newRun(model: Layer<Tensor>, fitOptions: FitOptions): Promise<Run> {
  const options = checkedFit(model, fitOptions);
  const {
    train,
    loss,
    optimizer,
    penalties = [],
    engine,
    metrics,
    epochs,
    resume,
    observe,
  } = options;
  const progress = resume?.progress ?? beginning(options);
  const start = startOf(model, train.x.shape, optimizer, progress.seed, options.initial);
  const rates = monitoredRates(optimizer, progress.rates ?? [], (monitor, scores) =>
    monitored(monitor, scores, options.validateEvery),
  );
  const given = { loss, optimizer: rates.optimizer, penalties };
  const scorer = lossProgram(model, loss, engine);
  const { batches, sizes } = batchesOf(train, progress);
  rehearse(model, start, train, sizes, progress.batchSize);
  if (resume) checkResumed(progress, batches, metrics.length);
  const data = await identitiesOf(options, progress.data);
  const first = resume ? inNameOf("resume", () => stateFrom(resume.arrays, start)) : start;
  const committed: NDArray = { ...scalar, data: Int32Array.of(1) };
  const steps = compiledSteps(
    engine,
    (isObserved) => stepOf(model, given, isObserved ? observe?.figuresOf : undefined),
    scorer.limit > 1 ? { ...first, committed } : first,
  );
  return {
    model,
    options,
    steps,
    scorer,
    batches,
    rates,
    progress: { ...progress, data },
    best: {
      params: arraysUnder("best/params/", resume?.arrays),
      stats: arraysUnder("best/stats/", resume?.arrays),
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

/** The progress of a run that has not begun. */
function beginning({ seed, batchSize, dropLast, metrics, earlyStopping }: RunOptions): Progress {
  return {
    data: {},
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
}

/** The arrays whose paths begin with a prefix, by what follows it. */
function arraysUnder(prefix: string, arrays: ByPath<NDArray> = {}): ByPath<NDArray> {
  return Object.fromEntries(
    Object.entries(arrays).flatMap(([path, array]) =>
      path.startsWith(prefix) ? [[path.slice(prefix.length), array]] : [],
    ),
  );
}
