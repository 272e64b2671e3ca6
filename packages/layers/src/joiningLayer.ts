import type { Layer, LayerPlan, Pass, Shape } from "@tenon/contracts";
import type { Tensor } from "@tenon/tensor";

/**
 * A layer of one input that can also take several, such as the sum of two tensors, or attention
 * from one sequence to another. In a `graph` it is called with several values.
 */
export interface JoiningLayer extends Layer<Tensor> {
  /** As `plan`, for several inputs, given as shapes of one example each. */
  planAll(inputs: readonly Shape[]): LayerPlan;
  /** As `forward`, for a batch of each input. */
  forwardAll(inputs: readonly Tensor[], pass: Pass<Tensor>): Tensor;
}
