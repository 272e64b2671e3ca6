import type { ByPath, Engine, Layer, NDArray, Program } from "@tenon/contracts";
import { known, shown } from "@tenon/guards";
import { pass, type Tensor } from "@tenon/tensor";
import { checkRun, isArray } from "./internal/checkRun.js";
import { endOfRun } from "./internal/endOfRun.js";
import { defaultEngine } from "./internal/defaultEngine.js";
import { keptPrograms, recent } from "./internal/recent.js";

export interface Weights {
  readonly params: ByPath<NDArray>;
  /** @defaultValue none */
  readonly stats?: ByPath<NDArray>;
}

export interface PredictorOptions extends Weights {
  /** @defaultValue the reference engine, which is slow and says so */
  readonly engine?: Engine<Tensor>;
}

/** A model that answers: nothing random, running statistics instead of a batch's. */
export interface Predictor {
  /**
   * What the model makes of a batch `[n, ...input]`. A program is compiled for each of the last
   * eight n.
   */
  predict(x: NDArray): NDArray;
  /** Other weights of the same names and shapes. */
  load(weights: Weights): void;
}

/** Compiles a model for use. Throws if the model or an option is none. */
export function predictor(model: Layer<Tensor>, options: PredictorOptions): Predictor {
  const {
    params,
    stats = {},
    engine = defaultEngine("predictor"),
  } = known("predictor", options, "params stats engine", endOfRun);
  checkRun("predictor", { model, params, stats, engine });
  let weights = { params, stats };
  const compile = (x: NDArray): Program<typeof weights, { x: NDArray }, { y: NDArray }> =>
    engine.compile(
      (state, inputs) => ({ state, outputs: { y: model.forward(inputs.x, pass(state)) } }),
      weights,
      { x: { shape: x.shape, dtype: x.dtype } },
    ) as never;
  const programs = recent<string, ReturnType<typeof compile>>(keptPrograms);
  return {
    predict(x) {
      if (!isArray(x))
        throw new TypeError(
          `predict: expected a batch as an array { shape, dtype, data }, got ${shown(x)}; ` +
            "tensor(…).value() makes one of nested lists",
        );
      const key = `${x.dtype} ${x.shape.join()}`;
      return programs.get(key, () => compile(x)).step({ x }).y;
    },
    load(next) {
      const { params, stats = {} } = next ?? {};
      checkRun("load", { params, stats });
      weights = { params, stats };
      for (const program of programs.values()) program.load(weights);
    },
  };
}
