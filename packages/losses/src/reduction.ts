/**
 * What becomes of the losses of all examples: their mean, their sum, or nothing. Only the first two
 * make the scalar that gradients need.
 */
export type Reduction = "mean" | "sum" | "none";

export interface ReductionOptions {
  /** @defaultValue "mean" */
  readonly reduction?: Reduction;
}
