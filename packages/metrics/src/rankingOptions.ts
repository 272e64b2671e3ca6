/** What a metric of the order of predictions is given. */
export interface RankingOptions {
  /**
   * Evenly spaced thresholds from 0 to 1: predictions between the same two of them count as equal.
   * @defaultValue 200, as in Keras
   */
  readonly thresholds?: number;
  /**
   * Whether predictions are probabilities, or logits, as a model without a last sigmoid gives them:
   * then their sigmoids are taken. Of probabilities up to 2⁻²¹ above 1 is taken for rounding.
   * @defaultValue "probabilities"
   */
  readonly from?: "logits" | "probabilities";
}
