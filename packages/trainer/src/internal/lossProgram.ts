import type { AnyEngine, Layer, Loss, NDArray } from "@tenon/contracts";
import { pass, type Tensor } from "@tenon/tensor";
import { partsOf } from "./aggregateOf.js";
import { scalarLoss } from "./checkRun.js";
import { after, type Later } from "./later.js";
import type { ScoredBatch } from "./tally.js";
import { specsOf } from "./specs.js";
import { weightedPrograms, type WeightsState } from "./weightedPrograms.js";

/** The loss of a batch and what it is made of, as a step gives them. */
export interface LossOutputs {
  readonly loss: NDArray;
  readonly predictions: NDArray;
  readonly parts?: Readonly<Record<string, { readonly total: NDArray; readonly weight?: NDArray }>>;
  readonly rest?: NDArray;
}

/** Computes the loss and the predictions of batches, without training. */
export interface LossProgram {
  /** How many steps should be in flight. */
  readonly limit: number;
  step(x: NDArray, y: NDArray): Later<ScoredBatch>;
  load(weights: WeightsState): Later<unknown>;
}

export function lossProgram(
  model: Layer<Tensor>,
  lossOf: Loss<Tensor>,
  engine: AnyEngine<Tensor>,
): LossProgram {
  type Batch = { readonly x: NDArray; readonly y: NDArray };
  const programs = weightedPrograms<Batch, LossOutputs>((batch, weights) =>
    engine.compile(
      (state, inputs) => {
        const predictions = model.forward(inputs.x, pass(state));
        return {
          state,
          outputs: { predictions, ...partsOf(scalarLoss(lossOf), predictions, inputs.y) },
        };
      },
      weights,
      specsOf(batch),
    ),
  );
  return {
    limit: engine.stepsInFlight ?? 1,
    step: (x, y) => after(programs.step({ x, y }), scoredBatch),
    load: programs.load,
  };
}

/** The values of a batch's loss, and its predictions. */
export function scoredBatch({ loss, predictions, parts, rest }: LossOutputs): ScoredBatch {
  const value = ({ data }: NDArray): number => data[0]!;
  return {
    loss: value(loss),
    predictions,
    ...(parts && {
      parts: Object.values(parts).map(({ total, weight }) => ({
        total: value(total),
        ...(weight && { weight: value(weight) }),
      })),
    }),
    ...(rest && { rest: value(rest) }),
  };
}
