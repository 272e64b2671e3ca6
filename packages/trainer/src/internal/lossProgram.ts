import type { AnyEngine, Layer, Loss, NDArray } from "@tenon/contracts";
import { pass, type Tensor } from "@tenon/tensor";
import { partsOf } from "./aggregateOf.js";
import { scalarLoss } from "./checkRun.js";
import { after, type Later } from "./later.js";
import type { BatchLoss } from "./tally.js";
import { weightedPrograms, type WeightsState } from "./weightedPrograms.js";

/** The loss of a batch and what it is made of, as a step gives them. */
export interface LossOutputs {
  readonly loss: NDArray;
  readonly predictions: NDArray;
  readonly parts?: Readonly<Record<string, { readonly total: NDArray; readonly weight?: NDArray }>>;
  readonly rest?: NDArray;
}

/** The loss and the predictions of a batch. */
export type ScoredBatch = BatchLoss & { readonly predictions: NDArray };

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
  const programs = weightedPrograms<Batch, LossOutputs>(({ x, y }, weights) =>
    engine.compile(
      (state, inputs) => {
        const predictions = model.forward(inputs.x, pass(state));
        return {
          state,
          outputs: { predictions, ...partsOf(scalarLoss(lossOf), predictions, inputs.y) },
        };
      },
      weights,
      { x: { shape: x.shape, dtype: x.dtype }, y: { shape: y.shape, dtype: y.dtype } },
    ),
  );
  return {
    limit: engine.stepsInFlight ?? 1,
    step(x, y) {
      const key = `${x.dtype} ${x.shape.join()} ${y.dtype} ${y.shape.join()}`;
      return after(programs.step(key, { x, y }), (outputs) => ({
        ...lossIn(outputs),
        predictions: outputs.predictions,
      }));
    },
    load: programs.load,
  };
}

/** The values of a batch's loss. */
export function lossIn({ loss, parts, rest }: LossOutputs): BatchLoss {
  const value = ({ data }: NDArray): number => data[0]!;
  return {
    loss: value(loss),
    ...(parts && {
      parts: Object.values(parts).map(({ total, weight }) => ({
        total: value(total),
        ...(weight && { weight: value(weight) }),
      })),
    }),
    ...(rest && { rest: value(rest) }),
  };
}
