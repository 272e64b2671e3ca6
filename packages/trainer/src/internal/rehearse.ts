import type { Dataset, Layer } from "@tenon/contracts";
import { badArgument } from "@tenon/guards";
import { input, pass, placeholders, type Tensor } from "@tenon/tensor";
import type { TrainingState } from "../trainingStep.js";
import { batchSpec, scalar } from "./specs.js";

/**
 * Builds the graph of the forward pass for each batch size that a run will have, without computing
 * it: an error that only some batch size causes (an unbiased variance of one example) is thrown
 * before training starts.
 *
 * @throws with the size, the layer's path and the fix
 */
export function rehearse(
  model: Layer<Tensor>,
  { params, stats }: TrainingState,
  { x }: Dataset,
  sizes: readonly number[],
  batchSize: number,
): void {
  for (const n of sizes) {
    try {
      model.forward(
        input("x", batchSpec(n, x)),
        pass(placeholders({ params, stats, training: { seed: scalar, step: scalar } })),
      );
    } catch (cause) {
      const last =
        n < batchSize
          ? `the last batch of an epoch, which has ${n} example${n === 1 ? "" : "s"} left`
          : `batches of ${n}`;
      throw Object.assign(
        badArgument(
          "fit",
          `a model that can be trained on ${last}`,
          (cause as Error).message,
          "use dropLast: true or another batchSize",
        ),
        { cause },
      );
    }
  }
}
