import { badArgument, flag, known, shown, wholeIn } from "@tenon/guards";
import { permutation } from "@tenon/random";
import type { InMemoryDataset } from "./dataset.js";
import { labelsOf, spread } from "./internal/byClass.js";
import { checkInMemory } from "./internal/check.js";
import { seeded } from "./internal/seeded.js";
import { subset } from "./subset.js";

export interface SplitOptions {
  /**
   * How many examples to hold out: a fraction in (0, 1), rounded to the nearest count, or a count
   * of 1 or more.
   */
  readonly validation: number;
  /** Draws which ones. @defaultValue none: the last ones */
  readonly seed?: number;
  /**
   * Whether each class, by the labels, is split in the same proportion. scikit-learn: `stratify`.
   * @defaultValue false
   */
  readonly stratify?: boolean;
}

/** Two datasets without a common example. */
export interface Split {
  readonly train: InMemoryDataset;
  readonly validation: InMemoryDataset;
}

/**
 * Holds examples out for validation. The same seed holds out the same ones. No example is copied.
 * Keras: `validation_split`; scikit-learn: `train_test_split`.
 *
 * Throws where targets are to be stratified and are no labels, `validation` is neither a fraction
 * nor a count, or leaves one side without examples.
 */
export function split(dataset: InMemoryDataset, options: SplitOptions): Split {
  const {
    validation,
    seed,
    stratify = false,
  } = known("split", options, "validation seed stratify");
  flag("split", "stratify", stratify);
  checkInMemory("split", dataset);
  if (dataset.size < 2)
    throw badArgument("split", "at least 2 examples, one for each side", dataset.size);
  const isFraction = typeof validation === "number" && validation > 0 && validation < 1;
  const count = isFraction ? Math.round(validation * dataset.size) : validation;
  if (!Number.isInteger(count) || count < 0)
    throw badArgument(
      "split",
      "validation to be a fraction in (0, 1) or a count",
      shown(validation),
    );
  wholeIn(
    "split",
    `count for validation ${validation} of ${dataset.size} examples`,
    count,
    1,
    dataset.size - 1,
  );
  const drawn =
    seed === undefined
      ? Uint32Array.from({ length: dataset.size }, (_, i) => i)
      : permutation(seeded("split", seed).split("split"), dataset.size);
  const order = stratify ? spread(labelsOf("split", dataset), drawn) : drawn;
  const middle = dataset.size - count;
  // Sorted, so that each side keeps the examples in order.
  return {
    train: subset(dataset, order.slice(0, middle).sort()),
    validation: subset(dataset, order.slice(middle).sort()),
  };
}
