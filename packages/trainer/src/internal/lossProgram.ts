import type { AnyEngine, Layer, Loss, NDArray } from "@tenon/contracts";
import { pass, type Tensor } from "@tenon/tensor";
import { batchLoss } from "./batchLoss.js";
import { specsOf } from "./specs.js";
import type { LossOutputs } from "./tally.js";
import { weightedPrograms, type WeightedPrograms } from "./weightedPrograms.js";

/** Computes the loss and the predictions of batches, without training. */
export interface LossProgram extends WeightedPrograms<LossInputs, LossOutputs> {
  /** How many steps should be in flight. */
  readonly limit: number;
}

type LossInputs = { readonly x: NDArray; readonly y: NDArray; readonly weights?: NDArray };

export function lossProgram(
  model: Layer<Tensor>,
  lossOf: Loss<Tensor>,
  engine: AnyEngine<Tensor>,
): LossProgram {
  const programs = weightedPrograms<LossInputs, LossOutputs>((batch, weights) =>
    engine.compile(
      (state, inputs) => {
        const predictions = model.forward(inputs.x, pass(state));
        return {
          state,
          outputs: { predictions, ...batchLoss(lossOf, predictions, inputs) },
        };
      },
      weights,
      specsOf(batch),
    ),
  );
  return { ...programs, limit: engine.stepsInFlight ?? 1 };
}
