import type { Dataset, Loss, Metric, NDArray } from "@tenon/contracts";
import { known } from "@tenon/guards";
import type { Tensor } from "@tenon/tensor";
import type { Engine, Layer } from "@tenon/contracts";
import { endOfRun } from "./internal/endOfRun.js";
import { defaultEngine } from "./internal/defaultEngine.js";
import { lossProgram, type LossProgram } from "./internal/lossProgram.js";
import type { Weights } from "./predictor.js";

export interface EvaluateOptions extends Weights {
  readonly data: Dataset;
  readonly loss: Loss<Tensor>;
  /** @defaultValue none */
  readonly metrics?: readonly Metric[];
  /** @defaultValue 256 */
  readonly batchSize?: number;
  /** @defaultValue the reference engine, which is slow and says so */
  readonly engine?: Engine<Tensor>;
  /** Looks at each batch's targets and predictions as they come. */
  readonly observe?: (predictions: NDArray, targets: NDArray) => void;
}

/** Numbers by name: `loss`, and one for each metric. */
export type Scores = Readonly<Record<string, number>>;

/** How well a model does on a dataset: the mean loss of its examples, and each metric. */
export async function evaluate(model: Layer<Tensor>, options: EvaluateOptions): Promise<Scores> {
  const { engine = defaultEngine("evaluate"), loss, ...rest } =
    known("evaluate", options, "params stats data loss metrics batchSize engine observe", endOfRun);
  return score(lossProgram(model, loss, engine), rest);
}

/** The same with a program that is kept between evaluations. */
export async function score(program: LossProgram, options: Omit<EvaluateOptions, "loss" | "engine">): Promise<Scores> {
  const { params, stats = {}, data, metrics = [], batchSize = 256, observe } =
    known("score", options, "params stats data metrics batchSize observe", endOfRun);
  let total = 0, examples = 0;
  let states = metrics.map((metric) => metric.start);
  program.load({ params, stats });
  for await (const { x, y } of data.batches({ batchSize, reuse: true })) {
    const { loss, predictions } = program.step(x, y);
    const n = x.shape[0]!;
    total += loss * n;
    examples += n;
    states = metrics.map((metric, i) => metric.update(states[i]!, predictions, y));
    observe?.(predictions, y);
  }
  if (examples === 0) throw new Error("evaluate: expected at least one example, got an empty dataset");
  return { loss: total / examples, ...Object.fromEntries(metrics.map((metric, i) => [metric.name, metric.result(states[i]!)])) };
}
