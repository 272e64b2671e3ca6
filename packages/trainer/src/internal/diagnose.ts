import type { Engine, Layer, Loss, NDArray } from "@tenon/contracts";
import { pass, type Tensor } from "@tenon/tensor";
import type { TrainingState } from "../trainingStep.js";

/** The batch and the moment of a step that went wrong. */
export interface Accident {
  readonly x: NDArray;
  readonly y: NDArray;
  readonly step: number;
  readonly seed: number;
}

/** Where a loss that is not finite comes from: the first input, parameter or layer output that is not finite, else the loss itself. */
export function diagnose(model: Layer<Tensor>, lossOf: Loss<Tensor>, engine: Engine<Tensor>, { params, stats }: TrainingState, { x, y, step, seed }: Accident): string {
  if (!x.data.every(Number.isFinite)) return "the input batch";
  for (const [path, { data }] of Object.entries(params)) if (!data.every(Number.isFinite)) return `parameter "${path}"`;
  const scalar = { shape: [], dtype: "int32" } as const;
  const paths: string[] = [];
  const program = engine.compile((state, inputs) => {
    const outputs: Record<string, Tensor> = {};
    const watch = (path: string, output: Tensor): void => {
      // Finite numbers have a difference with themselves that is zero.
      outputs[`${paths.push(path) - 1}`] = output.sub(output).notEqual(0).sum();
    };
    lossOf(model.forward(inputs.x, pass({ ...state, training: { seed: inputs.seed, step: inputs.step }, watch })), inputs.y);
    return { state, outputs };
  }, { params, stats }, { x: { shape: x.shape, dtype: x.dtype }, y: { shape: y.shape, dtype: y.dtype }, step: scalar, seed: scalar });
  const found = program.step({ x, y, step, seed } as never) as Record<string, NDArray>;
  const first = paths.findIndex((_, i) => found[`${i}`]!.data[0] !== 0);
  return first < 0 ? "the loss" : `layer "${paths[first]!}"`;
}
