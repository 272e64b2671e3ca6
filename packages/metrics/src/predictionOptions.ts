/** What a metric of probabilities is given. */
export interface PredictionOptions {
  /**
   * Whether predictions are logits, as a model without a last softmax or sigmoid gives them, or
   * probabilities, of which up to 2⁻²¹ above 1 is taken for rounding. @defaultValue "logits"
   */
  readonly from?: "logits" | "probabilities";
  /**
   * Probabilities are kept in [eps, 1 − eps], so that no logarithm is infinite. Logits need none.
   * @defaultValue 1e-7, as in Keras
   */
  readonly eps?: number;
}
