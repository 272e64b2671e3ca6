import type { Engine, Layer, Loss, NDArray, Program } from "@tenon/contracts";
import { pass, type Tensor } from "@tenon/tensor";
import type { Weights } from "../predictor.js";
import { keptPrograms, recent } from "./recent.js";

type State = Required<Weights>;

/** The loss and the predictions of a batch, without training. */
export interface LossProgram {
  step(x: NDArray, y: NDArray): { readonly loss: number; readonly predictions: NDArray };
  load(weights: State): void;
}

interface Entry {
  readonly program: Program<State, { x: NDArray; y: NDArray }, { loss: NDArray; predictions: NDArray }>;
  /** Whether it still has older weights. */
  stale: boolean;
}

/** One program for each of the last shapes of batch, all with the same weights. */
export function lossProgram(model: Layer<Tensor>, lossOf: Loss<Tensor>, engine: Engine<Tensor>): LossProgram {
  let weights: State | undefined;
  const programs = recent<string, Entry>(keptPrograms);
  return {
    step(x, y) {
      const key = `${x.dtype} ${x.shape.join()} ${y.dtype} ${y.shape.join()}`;
      const entry = programs.get(key, () => {
        const program = engine.compile((state, inputs) => {
          const predictions = model.forward(inputs.x, pass(state));
          return { state, outputs: { loss: lossOf(predictions, inputs.y), predictions } };
        }, weights!, { x: { shape: x.shape, dtype: x.dtype }, y: { shape: y.shape, dtype: y.dtype } });
        return { program: program as never, stale: false };
      });
      if (entry.stale) entry.program.load(weights!);
      entry.stale = false;
      const { loss, predictions } = entry.program.step({ x, y });
      return { loss: loss.data[0]!, predictions };
    },
    load(next) {
      weights = next;
      for (const entry of programs.values()) entry.stale = true;
    },
  };
}
