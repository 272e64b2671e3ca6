import type { Layer, Loss, Metric, Penalty, Transform } from "@tenon/contracts";
import {
  examine,
  measure,
  setupOf,
  startWatch,
  watch,
  type Finding,
  type Watched,
} from "@tenon/doctor";
import type { Tensor } from "@tenon/tensor";
import { diagnose, fit, statistics, type Snapshot } from "@tenon/trainer";
import { wasm } from "@tenon/wasm";
import type { Data } from "./data.js";

/** A run to be watched. */
export interface Run {
  readonly model: Layer<Tensor>;
  readonly data: Data;
  readonly loss: Loss<Tensor>;
  /** Tenon's name of the loss, where it is wrapped in another function. */
  readonly lossName?: string;
  readonly optimizer: Transform;
  readonly epochs: number;
  readonly metrics?: readonly Metric[];
  readonly penalties?: readonly Penalty[];
  /** @defaultValue 32 */
  readonly batchSize?: number;
  /** Observe every n-th step. @defaultValue 5 */
  readonly every?: number;
  /** @defaultValue 1 */
  readonly seed?: number;
  /** Where another run was left, which this one goes on with. */
  readonly resume?: Snapshot;
}

/** What came of it. */
export interface Outcome {
  /** In the order in which they were said. */
  readonly said: readonly Finding[];
  /** At the end. */
  readonly findings: readonly Finding[];
  /** Of the last epoch, with the training loss as `train`. */
  readonly scores: Readonly<Record<string, number>>;
  readonly watched: Watched;
  /** What `fit` threw, if it refused to train. */
  readonly error: unknown;
}

let engine: ReturnType<typeof wasm> | undefined;

/** The engine of all these runs, on one thread. */
export const oneThread = (): ReturnType<typeof wasm> => (engine ??= wasm({ threads: 1 }));

/** Trains, and watches as an app does: set-up and data first, then each event. */
export async function watchedRun(run: Run): Promise<Outcome> {
  const { model, data, loss, optimizer, epochs, batchSize = 32, every = 5, seed = 1 } = run;
  const { resume, metrics = [], penalties = [], lossName = loss.name } = run;
  const { train, validation } = data;
  const parts = { loss: lossName, optimizer, penalties, batchSize, train, epochs };
  const setup = setupOf(model, { input: train.x.shape, ...parts });
  let watched = startWatch({ setup, data: await measure(train) });
  let scores: Readonly<Record<string, number>> = {};
  const fitted = fit(model, {
    ...{ train, validation, loss, optimizer, metrics, penalties, epochs, batchSize, seed },
    engine: await oneThread(),
    observe: statistics({ every }),
    diagnose,
    ...(resume && { resume }),
  });
  let error: unknown;
  try {
    for await (const event of fitted) {
      watched = watch(watched, event);
      if (event.type === "epoch") scores = { ...event.validation, train: event.train["loss"]! };
    }
  } catch (cause) {
    error = cause;
  }
  return { said: watched.findings, findings: examine(watched.record), scores, watched, error };
}
