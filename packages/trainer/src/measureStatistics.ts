import type { AnyEngine, AnyProgram, ByPath, Dataset, Layer, NDArray } from "@tenon/contracts";
import { breather, known, whole } from "@tenon/guards";
import { initialize, pass, type Tensor } from "@tenon/tensor";
import { checkDataset } from "./internal/checkData.js";
import { checkRun } from "./internal/checkRun.js";
import { endOfRun } from "./internal/endOfRun.js";
import { batchSpec, scalar } from "./internal/specs.js";
import type { WeightsState } from "./internal/weightedPrograms.js";

export interface MeasureStatisticsOptions {
  readonly params: ByPath<NDArray>;
  readonly data: Dataset;
  /** @defaultValue 256 */
  readonly batchSize?: number;
  /** Of dropout's masks. @defaultValue 0 */
  readonly seed?: number;
  /** What computes, such as `await wasm()`. */
  readonly engine: AnyEngine<Tensor>;
}

interface Inputs {
  readonly x: NDArray;
  readonly step: number;
  readonly seed: number;
}

/**
 * The running statistics of a model's layers for these parameters, measured anew: what they are
 * after the batches of a dataset, in its order, from their start. An average of parameters, such as
 * `swa` keeps, has never been run, so that its batch norms have none. PyTorch: `update_bn`.
 *
 * Give a model whose layers average all batches alike, `batchNorm({ momentum: "cumulative" })`, as
 * PyTorch does for this; other statistics forget what they began with only slowly. The names of the
 * parameters must be the same.
 *
 * @throws RangeError if the model or an option makes no sense
 */
export async function measureStatistics(
  model: Layer<Tensor>,
  options: MeasureStatisticsOptions,
): Promise<ByPath<NDArray>> {
  const {
    params,
    data,
    batchSize = 256,
    seed = 0,
    engine,
  } = known("measureStatistics", options, "params data batchSize seed engine", `stats ${endOfRun}`);
  checkRun("measureStatistics", { model, params, engine });
  checkDataset("measureStatistics", "data", data);
  whole("measureStatistics", "batchSize", batchSize, 1);
  whole("measureStatistics", "seed", seed, 0);
  let state: WeightsState = { params, stats: initialize(model.plan(data.x.shape), seed).stats };
  let program: AnyProgram<WeightsState, Inputs, object> | undefined;
  let [compiledFor, step] = [0, 0];
  const breathe = breather();
  for await (const { x } of data.batches({ batchSize, reuse: true })) {
    const n = x.shape[0]!;
    // The last batch may be smaller.
    if (!program || n !== compiledFor) {
      if (program) state = await program.state();
      program = engine.compile(
        (weights, inputs) => {
          const forward = pass({ ...weights, training: { seed: inputs.seed, step: inputs.step } });
          model.forward(inputs.x, forward);
          return { state: { params: weights.params, stats: forward.statsAfter() }, outputs: {} };
        },
        state,
        { x: batchSpec(n, data.x), step: scalar, seed: scalar },
      );
      compiledFor = n;
    }
    await program.step({ x, step: step++, seed });
    await breathe();
  }
  return program ? (await program.state()).stats : state.stats;
}
