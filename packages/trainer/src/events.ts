import type { ByPath, NDArray, StepStatistics } from "@tenon/contracts";
import type { Scores } from "./evaluate.js";
import type { EpochScores, Snapshot } from "./snapshot.js";

/** Before the first step. */
export interface StartEvent {
  readonly type: "start";
  /** Steps and epochs already done, when a run is resumed. */
  readonly step: number;
  readonly epoch: number;
  readonly epochs: number;
  readonly stepsPerEpoch: number;
  readonly threads: number;
  /** How many trained values the model has. */
  readonly parameters: number;
}

/** After each step. */
export interface StepEvent {
  readonly type: "step";
  /** Steps done. */
  readonly step: number;
  /** The epoch under way, counted from 1, and the batches of it that are done. */
  readonly epoch: number;
  readonly batch: number;
  readonly batches: number;
  /** Examples in this batch. */
  readonly examples: number;
  /** Of this batch, before the update. */
  readonly loss: number;
  /** Over the epoch so far. */
  readonly running: Scores;
  /**
   * What the step took, in milliseconds: of several in flight, from the answer of the one before
   * it.
   */
  readonly milliseconds: number;
}

/**
 * Instead of `step`, where the loss or a gradient was not finite and the optimizer's
 * `skipNonFinite` left the step out: parameters and running statistics are as they were, the batch
 * counts neither in the epoch's loss nor in its metrics, and the run goes on.
 */
export interface SkippedEvent extends Omit<StepEvent, "type"> {
  readonly type: "skipped";
  /** How many steps in a row were left out, with this one. */
  readonly inARow: number;
}

/**
 * What was measured inside an observed step, right after its `step` event (or `skipped`, or
 * `nonFinite`, where it was not committed).
 */
export interface StatisticsEvent extends StepStatistics {
  readonly type: "statistics";
  /** The number of the step, counted from 1: how many are done, with this one. */
  readonly step: number;
  /** The epoch under way, counted from 1. */
  readonly epoch: number;
}

/** After each epoch, validation included. */
export interface EpochEvent extends EpochScores {
  readonly type: "epoch";
  readonly epochs: number;
  readonly best: boolean;
  /** Training and validation of this epoch, in seconds. */
  readonly seconds: number;
}

/** A checkpoint was written. */
export interface CheckpointEvent {
  readonly type: "checkpoint";
  readonly name: "last" | "best";
  readonly step: number;
}

/** The loss was not finite. That step changed nothing; the run ends. */
export interface NonFiniteEvent {
  readonly type: "nonFinite";
  /** Counted from 1. */
  readonly step: number;
  readonly epoch: number;
  readonly loss: number;
  /** What was not finite first, such as `layer "dense1"`; absent where `fit` has no `diagnose`. */
  readonly where?: string;
  readonly message: string;
}

/** The last event, always. */
export interface EndEvent {
  readonly type: "end";
  readonly reason: "done" | "earlyStopping" | "aborted" | "nonFinite";
  /** The model's final weights: the best epoch's, if early stopping restores them. */
  readonly params: ByPath<NDArray>;
  readonly stats: ByPath<NDArray>;
  readonly history: readonly EpochScores[];
  /** From which the run can be resumed. */
  readonly snapshot: Snapshot;
  /** Time spent in training steps, in seconds. */
  readonly trainSeconds: number;
}

export type FitEvent =
  | StartEvent
  | StepEvent
  | SkippedEvent
  | StatisticsEvent
  | EpochEvent
  | CheckpointEvent
  | NonFiniteEvent
  | EndEvent;
