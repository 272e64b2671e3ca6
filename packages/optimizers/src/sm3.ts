import type { Schedule, Transform } from "@tenon/contracts";
import { known } from "@tenon/guards";
import { preset } from "./internal/preset.js";
import { scaleByLearningRate } from "./scaleByLearningRate.js";
import { scaleBySm3, type ScaleBySm3Options } from "./scaleBySm3.js";

export interface Sm3Options extends ScaleBySm3Options {
  /** A number or a function of the step. @defaultValue 0.1 */
  readonly learningRate?: Schedule | number;
}

/**
 * Adagrad with the memory of a matrix's edges, for large embeddings: w ← w − η · `scaleBySm3`.
 *
 * Anil et al. (2019), Memory-efficient adaptive optimization. arXiv:1901.11150
 */
export function sm3(options: Sm3Options = {}): Transform {
  const { learningRate = 0.1, ...rest } = known("sm3", options, "learningRate momentum eps");
  return preset("sm3", () => [scaleBySm3(rest), scaleByLearningRate(learningRate)]);
}
