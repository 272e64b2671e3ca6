import { badArgument, known, whole } from "@tenon/guards";
import type { InMemoryDataset } from "./dataset.js";
import { countsOf, labelsOf } from "./internal/byClass.js";
import { checkInMemory } from "./internal/check.js";

export interface ClassWeightsOptions {
  /** How many classes there are. @defaultValue the largest label + 1 */
  readonly classes?: number;
}

/**
 * Weights of classes with which each class counts as much as any other: n / (k · nₗ) for a class of
 * nₗ of n examples, among k classes that have examples; 0 for one without. They are for
 * `classWeights` of losses, `weigh` and `sampled`. scikit-learn:
 * `compute_class_weight("balanced")`.
 *
 * Throws where targets are no labels, or a label is not below `classes`.
 */
export function classWeights(
  dataset: InMemoryDataset,
  options: ClassWeightsOptions = {},
): readonly number[] {
  const { classes } = known("classWeights", options, "classes");
  checkInMemory("classWeights", dataset);
  const labels = labelsOf("classWeights", dataset);
  if (classes !== undefined) {
    whole("classWeights", "classes", classes, 1);
    const wrong = labels.findIndex((label) => label >= classes);
    if (wrong >= 0)
      throw badArgument("classWeights", `labels below ${classes}`, `${labels[wrong]} at ${wrong}`);
  }
  const counts = countsOf(labels, classes);
  const present = counts.filter((count) => count > 0).length;
  return counts.map((count) => (count > 0 ? dataset.size / (present * count) : 0));
}
