import { flag, known, wholeIn } from "@tenon/guards";
import { permutation } from "@tenon/random";
import type { InMemoryDataset } from "./dataset.js";
import { labelsOf, spread } from "./internal/byClass.js";
import { checkInMemory } from "./internal/check.js";
import { seeded } from "./internal/seeded.js";
import type { Split } from "./split.js";
import { subset } from "./subset.js";

export interface KFoldOptions {
  /** How many parts. @defaultValue 5 */
  readonly folds?: number;
  /** Draws which example is in which part. @defaultValue none: they are in order */
  readonly seed?: number;
  /**
   * Whether each part has the classes, by the labels, in the proportion of the whole.
   * @defaultValue false
   */
  readonly stratify?: boolean;
}

/**
 * Splits a dataset in equal parts, each of which is held out once: a list of as many { train,
 * validation }. Each example is in one validation part. No example is copied. scikit-learn:
 * `KFold`, `StratifiedKFold`.
 *
 * Parts differ by at most one example. Throws unless `folds` is a whole number from 2 to the number
 * of examples, or where targets are to be stratified and are no labels.
 */
export function kFold(dataset: InMemoryDataset, options: KFoldOptions = {}): readonly Split[] {
  const { folds = 5, seed, stratify = false } = known("kFold", options, "folds seed stratify");
  checkInMemory("kFold", dataset);
  wholeIn("kFold", "number of folds", folds, 2, dataset.size);
  flag("kFold", "stratify", stratify);
  const { size } = dataset;
  const drawn =
    seed === undefined
      ? Uint32Array.from({ length: size }, (_, i) => i)
      : permutation(seeded("kFold", seed).split("kFold"), size);
  const order = stratify ? spread(labelsOf("kFold", dataset), drawn) : drawn;
  return Array.from({ length: folds }, (_, fold) => {
    const [begin, end] = [fold, fold + 1].map((k) => Math.round((k * size) / folds));
    return {
      train: subset(dataset, order.filter((_, i) => i < begin || i >= end).sort()),
      validation: subset(dataset, order.slice(begin, end).sort()),
    };
  });
}
