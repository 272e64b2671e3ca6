import type { Dataset, Layer } from "@tenon/contracts";
import { badArgument, known, shown } from "@tenon/guards";
import type { Tensor } from "@tenon/tensor";
import type { EndEvent } from "./events.js";
import { fit, type FitOptions } from "./fit.js";
import { renamed } from "./internal/renamed.js";
import type { Scores } from "./evaluate.js";

const usual = "folds loss optimizer metrics penalties epochs batchSize dropLast seed initial";
const more = "engine earlyStopping best signal evaluated diagnose";

/** One of the parts into which the data are split. */
export interface Fold {
  readonly train: Dataset;
  readonly validation: Dataset;
}

export interface CrossValidateOptions extends Omit<
  FitOptions,
  | "train"
  | "validation"
  | "validateEvery"
  | "checkpoints"
  | "checkpointEvery"
  | "metadata"
  | "resume"
  | "observe"
> {
  /** `kFold(dataset, { folds: 5, seed })` of `@tenon/data`. */
  readonly folds: readonly Fold[];
}

/** A run of a fold that has ended. */
export interface FoldResult {
  /** Counted from 0. */
  readonly fold: number;
  readonly reason: EndEvent["reason"];
  /** The scores of the epoch whose weights the run ended with. */
  readonly validation: Scores;
  readonly end: EndEvent;
}

export interface CrossValidation {
  readonly folds: readonly FoldResult[];
  /**
   * Of each score over the folds: its mean, and its standard deviation √(Σ (x − mean)² / (n − 1)).
   */
  readonly scores: Readonly<Record<string, { readonly mean: number; readonly std: number }>>;
}

/**
 * Trains a model anew for each fold and validates it on the part that it has not seen: how well a
 * model does, without a test set. Each run has the options of `fit` and the same seed.
 *
 * The scores of a fold are those of its last epoch, or of its best where early stopping restores
 * that. A signal ends it after the run under way; the folds that have ended count. scikit-learn:
 * `cross_validate`.
 *
 * @throws where an option makes no sense, or a run ends with what is not finite
 */
export async function crossValidate(
  model: Layer<Tensor>,
  options: CrossValidateOptions,
): Promise<CrossValidation> {
  const { folds, ...rest } = known("crossValidate", options, `${usual} ${more}`);
  if (!Array.isArray(folds) || folds.length < 2 || !folds.every(isFold))
    throw badArgument(
      "crossValidate",
      "a list of at least 2 folds { train, validation }, such as kFold(dataset)",
      shown(folds),
    );
  const results: FoldResult[] = [];
  for (const [fold, { train, validation }] of (folds as readonly Fold[]).entries()) {
    if (rest.signal?.aborted) break;
    const end = await endOf(model, { ...rest, train, validation });
    if (end.reason === "aborted") break;
    const { history, snapshot } = end;
    const restored = end.reason === "earlyStopping" && rest.earlyStopping?.restoreBest;
    const epoch = restored ? snapshot.progress.best.epoch : history.length;
    const scores = history[epoch - 1]?.validation ?? {};
    results.push({ fold, reason: end.reason, validation: scores, end });
  }
  const names = Object.keys(results[0]?.validation ?? {});
  return {
    folds: results,
    scores: Object.fromEntries(
      names.map((name) => [name, spreadOf(results.map(({ validation }) => validation[name]!))]),
    ),
  };
}

const isFold = (fold: Partial<Fold> | null): boolean =>
  typeof fold?.train === "object" && typeof fold.validation === "object";

async function endOf(model: Layer<Tensor>, options: FitOptions): Promise<EndEvent> {
  try {
    for await (const event of fit(model, options)) {
      if (event.type === "nonFinite") throw new Error(event.message);
      if (event.type === "end") return event;
    }
  } catch (error) {
    throw renamed("crossValidate", error as Error);
  }
  throw new Error("crossValidate: expected a run to end, got one that did not");
}

function spreadOf(values: readonly number[]): { mean: number; std: number } {
  const n = values.length;
  const mean = values.reduce((sum, value) => sum + value, 0) / n;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, std: Math.sqrt(squares / (n - 1)) };
}
