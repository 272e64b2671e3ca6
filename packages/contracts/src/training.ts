import type { ArraySpec, Json, NDArray, Schedule } from "./values.js";

/** Examples and their targets; the first axis of both is the batch. */
export interface Batch {
  readonly x: NDArray;
  readonly y: NDArray;
  /** How much each example counts in a loss and in metrics, [n]. @defaultValue 1 each */
  readonly weights?: NDArray;
}

/** Which batches, and in what order. */
export interface BatchOptions {
  readonly batchSize: number;
  /** Counted from 0; each epoch has its own order. @defaultValue 0 */
  readonly epoch?: number;
  /** Shuffles the examples; without it they are in the order of the dataset. */
  readonly seed?: number;
  /**
   * The first batch, counted from 0: a resumed run continues in the middle of an epoch.
   * @defaultValue 0
   */
  readonly from?: number;
  /** Whether to leave out examples at the end that do not fill a batch. @defaultValue false */
  readonly dropLast?: boolean;
  /**
   * Whether a batch is no longer used once the next is requested, so that its memory may be used
   * again. A dataset need not do so; one that needs several batches of another dataset at a time
   * requests them with `reuse: false`. @defaultValue false
   */
  readonly reuse?: boolean;
}

/** A short text of the values and shapes of some batches, the same wherever they are held. */
export type Digest = (batches: Iterable<Batch>) => Promise<string>;

/** Examples that can be read in batches. The same options give the same batches. */
export interface Dataset {
  /** The number of examples. */
  readonly size: number;
  /** Shape and dtype of one example, without the batch axis. */
  readonly x: ArraySpec;
  /** Shape and dtype of one target, without the batch axis. */
  readonly y: ArraySpec;
  /** Of the weight of one example, a scalar; present where batches have weights. */
  readonly weights?: ArraySpec;
  /**
   * A short text that identifies these examples: the same examples in the same order give the same
   * text, on every machine. A checkpoint holds it, so that a run is not resumed with other data.
   */
  identity?(digest: Digest): string | Promise<string>;
  /**
   * The batches of an epoch. The last one has the remaining examples and may be smaller, unless it
   * is dropped.
   */
  batches(options: BatchOptions): Iterable<Batch> | AsyncIterable<Batch>;
}

/**
 * A value for people to read, accumulated exactly over batches. Its state is plain data, so that a
 * resumed run continues it.
 */
export interface Metric<S extends Json = Json> {
  readonly name: string;
  /** The state before the first batch. */
  readonly start: S;
  /**
   * The state after one more batch. `predictions` are the model's output (logits of a classifier);
   * `weights`, one for each example, say how much each counts: 1 where there are none.
   */
  update(state: S, predictions: NDArray, targets: NDArray, weights?: NDArray): S;
  result(state: S): number;
}

/**
 * Decides after each epoch whether the run continues. Its state is plain data, so that a resumed
 * run decides the same.
 */
export interface Stopper<S extends Json = Json> {
  /** The state before the first epoch. */
  readonly start: S;
  /** The monitored value, by its name among the epoch's results: `"validation.loss"`. */
  readonly monitor: string;
  /** Takes the monitored value of an epoch (counted from 1). */
  observe(
    state: S,
    value: number,
    epoch: number,
  ): { readonly state: S; readonly stop: boolean; readonly best: boolean };
  /** Whether the run should end with the parameters of the best epoch. */
  readonly restoreBest: boolean;
}

/**
 * A schedule that also follows a value of each epoch, such as the validation loss. Called as a
 * schedule, it gives its values from before the first epoch. Its state is plain data, so that a
 * resumed run goes on in the same way.
 */
export interface MonitoredSchedule<S extends Json = Json> extends Schedule {
  /** The state before the first epoch. */
  readonly start: S;
  /** The monitored value, by its name among the epoch's results: `"validation.loss"`. */
  readonly monitor: string;
  /** Takes the monitored value of an epoch (counted from 1). */
  observe(state: S, value: number, epoch: number): S;
  /** Its value at a step, in this state. */
  at(state: S, step: number): number;
}
