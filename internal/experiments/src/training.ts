import type { Scaling } from "@tenon/data";
import { crossEntropy } from "@tenon/losses";
import { accuracy } from "@tenon/metrics";
import { diagnose, type StudySetup } from "@tenon/trainer";
import type { Given } from "./experiment.js";

/**
 * What nearly all arms give `fit` alike: the digits, cross-entropy and accuracy, and how long the
 * size trains, with which batches.
 *
 * @param scaling of the digits' bytes. @defaultValue to [0, 1]
 */
export const training = (
  { digits, size, engine }: Given,
  scaling?: Scaling,
): Omit<StudySetup, "model" | "optimizer"> => ({
  train: digits.train(size.train, scaling),
  validation: digits.validation(size.validation, scaling),
  loss: crossEntropy,
  metrics: [accuracy],
  epochs: size.epochs,
  batchSize: size.batchSize,
  engine,
  diagnose,
});
