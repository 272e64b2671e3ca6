import type { ByPath, Digest, Json, NDArray } from "@tenon/contracts";
import { badArgument, inNameOf, shown } from "@tenon/guards";
import { mapLeaves, sameTree } from "@tenon/tensor";
import { byPath } from "./internal/byPath.js";
import { checkProgress } from "./internal/checkProgress.js";
import { checkRun } from "./internal/checkRun.js";
import { fromJson, toJson } from "./internal/plainJson.js";
import type { Scores } from "./evaluate.js";
import type { TrainingState } from "./trainingStep.js";

/** Where a run stands. With the state's arrays it is all that a run is. */
export interface Progress {
  /**
   * Which data the run was with, where datasets have an identity and checkpoints a `digest`.
   * Without it a run goes on with any data.
   */
  readonly data?: DataIdentity;
  readonly seed: number;
  readonly batchSize: number;
  /** @defaultValue false */
  readonly dropLast?: boolean;
  /** Steps done: the number of the next one. */
  readonly step: number;
  /** Epochs done. */
  readonly epoch: number;
  /** Batches done in the epoch that is under way. */
  readonly batch: number;
  /**
   * Of the epoch under way: examples seen, the parts of their loss, which is the sum of total /
   * weight, and each metric's state.
   */
  readonly examples: number;
  readonly lossParts: readonly LossPart[];
  readonly metrics: readonly Json[];
  /** Of the epoch under way: steps that `skipNonFinite` left out. @defaultValue 0 */
  readonly skipped?: number;
  /**
   * The states of schedules that follow a value, in the order in which the optimizer reads them.
   */
  readonly rates?: readonly Json[];
  /** What early stopping remembers. */
  readonly stopper: Json;
  /** Whether the run has come to its end by itself. */
  readonly stopped: boolean;
  /** The scores of each epoch so far. */
  readonly history: readonly EpochScores[];
  /** The best epoch so far, counted from 1, and its value; epoch 0 before the first. */
  readonly best: { readonly epoch: number; readonly value: number | null };
}

/** A part of the loss of some batches. */
export interface LossPart {
  readonly total: number;
  /** What it is to be divided by: examples, what the loss is a mean over, or 1. */
  readonly weight: number;
}

/** Identifies the data of a run: `dataset.identity(digest)`. */
export interface DataIdentity {
  readonly train?: string;
  readonly validation?: string;
}

/** One line of a run's history. */
export interface EpochScores {
  /** Counted from 1. */
  readonly epoch: number;
  /** Steps done. */
  readonly step: number;
  readonly train: Scores;
  readonly validation?: Scores;
  /** How many of this epoch's steps `skipNonFinite` left out. @defaultValue 0 */
  readonly skipped?: number;
}

/**
 * A run at rest: arrays by path, and where it stands in plain data. Whatever keeps both can resume
 * it bit for bit.
 */
export interface Snapshot {
  /**
   * `params/…`, `stats/…`, `slots/…`, and `best/…` for the best epoch's parameters and statistics.
   */
  readonly arrays: ByPath<NDArray>;
  readonly progress: Progress;
}

/** Where snapshots go. Writing must be atomic: a reader sees the old one or the new one. */
export interface CheckpointWriter {
  write(
    name: "last" | "best",
    arrays: ByPath<NDArray>,
    metadata: ByPath<string>,
  ): Promise<void> | void;
  /**
   * Digests the data of a run, such as `digestOf` of `@tenon/formats`: with it a snapshot says
   * which data the run was with, and one of other data is refused. @defaultValue none
   */
  readonly digest?: Digest;
}

/** The key under which a snapshot's progress is written down as JSON. */
const key = "tenon.progress";

/** What a file of arrays and text carries of a snapshot. */
export function metadataOf(snapshot: Snapshot): ByPath<string> {
  checkRun("metadataOf", { snapshot });
  const { progress } = snapshot;
  return { [key]: toJson(progress) };
}

/**
 * The snapshot that was written down.
 *
 * @throws if the metadata is missing, no run's, or damaged
 */
export function snapshotFrom(arrays: ByPath<NDArray>, metadata: ByPath<string>): Snapshot {
  checkRun("snapshotFrom", { params: arrays });
  if (typeof metadata !== "object" || metadata === null)
    throw badArgument("snapshotFrom", "metadata as text by name", shown(metadata));
  const written = metadata[key];
  if (written === undefined)
    throw badArgument(
      "snapshotFrom",
      `metadata "${key}"`,
      `${Object.keys(metadata).join(", ") || "none"}`,
      "is this a checkpoint of a run?",
    );
  let progress: unknown;
  try {
    progress = fromJson(written);
  } catch {
    throw badArgument("snapshotFrom", `"${key}" to hold JSON`, `${written.slice(0, 40)}`);
  }
  return {
    arrays,
    progress: checkProgress("snapshotFrom", `"${key}"`, progress),
  };
}

/** A state's arrays, by path. */
export function arraysOf(state: TrainingState): Record<string, NDArray> {
  if (typeof state !== "object" || state === null)
    throw badArgument("arraysOf", "a state, { params, stats, slots }", shown(state));
  const { params, stats, slots } = state;
  return inNameOf("arraysOf", () => byPath({ params, stats, slots }));
}

/** A state from arrays by path: the names and shapes must be those of `like`. */
export function stateFrom(arrays: ByPath<NDArray>, like: TrainingState): TrainingState {
  checkRun("stateFrom", { params: arrays });
  const last = Object.fromEntries(
    Object.entries(arrays).filter(([path]) => !path.startsWith("best/")),
  );
  sameTree(
    "stateFrom",
    inNameOf("stateFrom", () => byPath(like)),
    last,
  );
  return mapLeaves(like as never, (_, path) => last[path]!) as TrainingState;
}
