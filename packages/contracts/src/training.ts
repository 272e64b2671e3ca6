import type { ArraySpec, Json, NDArray } from "./values.js";

/** Some examples and what they should become; the first axis of both is the batch. */
export interface Batch {
  readonly x: NDArray;
  readonly y: NDArray;
}

/** Which batches, and in what order. */
export interface BatchOptions {
  readonly batchSize: number;
  /** Counted from 0; each epoch has its own order. @defaultValue 0 */
  readonly epoch?: number;
  /** Draws the order; without it the examples come as they lie. */
  readonly seed?: number;
  /**
   * The first batch to give, counted from 0: a resumed run goes on in the middle of an epoch.
   * @defaultValue 0
   */
  readonly from?: number;
  /** Whether to leave out examples at the end that do not fill a batch. @defaultValue false */
  readonly dropLast?: boolean;
  /**
   * Whether the caller is done with a batch when it asks for the next, so that its memory may be
   * used again. A dataset need not do so; one that holds several batches of another at a time asks
   * that one for `reuse: false`. @defaultValue false
   */
  readonly reuse?: boolean;
}

/** Examples that can be handed out in batches. The same options give the same batches. */
export interface Dataset {
  /** The number of examples. */
  readonly size: number;
  /** Shape and kind of one example, without the batch axis. */
  readonly x: ArraySpec;
  /** Shape and kind of one target, without the batch axis. */
  readonly y: ArraySpec;
  /**
   * A short text that tells these examples from others: the same examples in the same order give
   * the same one, on every machine. A run keeps it, so that it is not resumed with other data.
   */
  identity?(): string | Promise<string>;
  /**
   * The batches of an epoch. The last one holds what is left and may be smaller, unless it is to be
   * dropped.
   */
  batches(options: BatchOptions): Iterable<Batch> | AsyncIterable<Batch>;
}

/**
 * A number people read, accumulated exactly over batches. Its state is plain data, so that a
 * resumed run goes on counting.
 */
export interface Metric<S extends Json = Json> {
  readonly name: string;
  /** The state before the first batch. */
  readonly start: S;
  /**
   * The state after a batch more. `predictions` are what the model gives (logits for a classifier).
   */
  update(state: S, predictions: NDArray, targets: NDArray): S;
  result(state: S): number;
}

/**
 * Decides after each epoch whether to go on. Its state is plain data, so that a resumed run decides
 * the same.
 */
export interface Stopper<S extends Json = Json> {
  /** The state before the first epoch. */
  readonly start: S;
  /** The value it looks at, by its name in the epoch's numbers: `"validation.loss"`. */
  readonly monitor: string;
  /** Looks at the monitored value of an epoch (counted from 1). */
  observe(
    state: S,
    value: number,
    epoch: number,
  ): { readonly state: S; readonly stop: boolean; readonly best: boolean };
  /** Whether the run should end with the parameters of the best epoch. */
  readonly restoreBest: boolean;
}
