/** How finely a metric looks for the best threshold. */
export interface AtOptions {
  /** Evenly spaced thresholds from 0 to 1 that are tried. @defaultValue 200, as in Keras */
  readonly thresholds?: number;
}
