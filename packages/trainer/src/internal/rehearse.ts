import type { Dataset, Layer } from "@tenon/contracts";
import { badArgument } from "@tenon/guards";
import { input, pass, placeholders, type Tensor } from "@tenon/tensor";
import type { TrainingState } from "../trainingStep.js";

/**
 * Leads batches of the sizes that a run will meet through the model, as records of which nothing is
 * computed, so that what does not go (an unbiased variance of one example) is said before anything
 * is trained.
 *
 * @throws with the size, the layer's path and the remedy
 */
export function rehearse(
  model: Layer<Tensor>,
  { params, stats }: TrainingState,
  { x: { shape, dtype = "float32" } }: Dataset,
  sizes: readonly number[],
  batchSize: number,
): void {
  const moment = (): { readonly seed: Tensor; readonly step: Tensor } => ({
    seed: input("seed", { shape: [], dtype: "int32" }),
    step: input("step", { shape: [], dtype: "int32" }),
  });
  for (const n of sizes) {
    try {
      model.forward(
        input("x", { shape: [n, ...shape], dtype }),
        pass({
          params: placeholders(params) as never,
          stats: placeholders(stats) as never,
          training: moment(),
        }),
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
