import type { Engine, Layer, Loss, NDArray, Program, Tree } from "@tenon/contracts";
import { pass, type Tensor } from "@tenon/tensor";
import type { Weights } from "../predictor.js";
import { partsOf } from "./aggregateOf.js";
import { scalarLoss } from "./checkRun.js";
import { keptPrograms, recent } from "./recent.js";
import type { BatchLoss } from "./tally.js";

type State = Required<Weights>;

/** The numbers of a batch as a step gives them back. */
export interface LossOutputs {
  readonly loss: NDArray;
  readonly predictions: NDArray;
  readonly parts?: Readonly<Record<string, { readonly total: NDArray; readonly weight?: NDArray }>>;
  readonly rest?: NDArray;
}

/** The loss and the predictions of a batch, without training. */
export interface LossProgram {
  step(x: NDArray, y: NDArray): BatchLoss & { readonly predictions: NDArray };
  load(weights: State): void;
}

interface Entry {
  readonly program: Program<State, { x: NDArray; y: NDArray }, LossOutputs>;
  /** Whether it still has older weights. */
  stale: boolean;
}

/** One program for each of the last shapes of batch, all with the same weights. */
export function lossProgram(
  model: Layer<Tensor>,
  lossOf: Loss<Tensor>,
  engine: Engine<Tensor>,
): LossProgram {
  let weights: State | undefined;
  const programs = recent<string, Entry>(keptPrograms);
  return {
    step(x, y) {
      const key = `${x.dtype} ${x.shape.join()} ${y.dtype} ${y.shape.join()}`;
      const entry = programs.get(key, () => {
        const program = engine.compile(
          (state, inputs) => {
            const predictions = model.forward(inputs.x, pass(state));
            return {
              state,
              outputs: {
                predictions,
                ...partsOf(scalarLoss(lossOf), predictions, inputs.y),
              } as unknown as Tree<Tensor>,
            };
          },
          weights!,
          { x: { shape: x.shape, dtype: x.dtype }, y: { shape: y.shape, dtype: y.dtype } },
        );
        return { program: program as never, stale: false };
      });
      if (entry.stale) entry.program.load(weights!);
      entry.stale = false;
      const outputs = entry.program.step({ x, y });
      return { ...lossIn(outputs), predictions: outputs.predictions };
    },
    load(next) {
      weights = next;
      for (const entry of programs.values()) entry.stale = true;
    },
  };
}

/** The numbers of a batch's loss. */
export function lossIn({ loss, parts, rest }: LossOutputs): BatchLoss {
  const number = ({ data }: NDArray): number => data[0]!;
  return {
    loss: number(loss),
    ...(parts && {
      parts: Object.values(parts).map(({ total, weight }) => ({
        total: number(total),
        ...(weight && { weight: number(weight) }),
      })),
    }),
    ...(rest && { rest: number(rest) }),
  };
}
