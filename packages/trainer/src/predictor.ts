import type { AnyEngine, AsyncEngine, ByPath, Engine, Layer, NDArray } from "@tenon/contracts";
import { badArgument, known, shown } from "@tenon/guards";
import { checkedState, pass, show, type Tensor } from "@tenon/tensor";
import { checkRun, isArray } from "./internal/checkRun.js";
import { endOfRun } from "./internal/endOfRun.js";
import { explained } from "./internal/explained.js";
import { after, type Later } from "./internal/later.js";
import { specsOf } from "./internal/specs.js";
import { weightedPrograms } from "./internal/weightedPrograms.js";

export interface Weights {
  readonly params: ByPath<NDArray>;
  /** @defaultValue none */
  readonly stats?: ByPath<NDArray>;
}

export interface PredictorOptions<E = Engine<Tensor>> extends Weights {
  /** What computes, such as `await wasm()`. */
  readonly engine: E;
}

/** A model in use: nothing random, running statistics instead of a batch's. */
export interface Predictor {
  /**
   * The model's output for a batch `[n, ...input]`. A program is compiled for each of the last
   * eight n.
   */
  predict(x: NDArray): NDArray;
  /** Other weights of the same names and shapes. */
  load(weights: Weights): void;
}

/**
 * A model in use on an engine that answers later. Several predictions may be in flight; those after
 * a `load` have its weights.
 */
export interface AsyncPredictor {
  predict(x: NDArray): Promise<NDArray>;
  load(weights: Weights): Promise<void>;
}

/** Compiles a model for use. Throws if the model or an option makes no sense. */
export function predictor(model: Layer<Tensor>, options: PredictorOptions): Predictor;
export function predictor(
  model: Layer<Tensor>,
  options: PredictorOptions<AsyncEngine<Tensor>>,
): AsyncPredictor;
export function predictor(
  model: Layer<Tensor>,
  options: PredictorOptions<AnyEngine<Tensor>>,
): Predictor | AsyncPredictor {
  const {
    params,
    stats = {},
    engine,
  } = known("predictor", options, "params stats engine", endOfRun);
  checkRun("predictor", { model, params, stats, engine });
  const start = { params, stats };
  const programs = weightedPrograms<{ readonly x: NDArray }, { readonly y: NDArray }>(
    (batch, weights) =>
      engine.compile(
        (state, inputs) => ({ state, outputs: { y: forward(model, inputs.x, state) } }),
        weights,
        specsOf(batch),
      ),
    start,
  );
  const either = {
    predict(x: NDArray): Later<NDArray> {
      if (!isArray(x))
        throw badArgument(
          "predict",
          "a batch as an array { shape, dtype, data }",
          shown(x),
          "tensor(…).value() makes one of nested lists",
        );
      return after(
        explained("predict", { x }, () => programs.step({ x })),
        ({ y }) => y,
      );
    },
    load(next: Weights): Later<void> {
      const { params, stats = {} } = next ?? {};
      checkRun("load", { params, stats });
      // On an engine that answers later, predictions after a load that fails fail, too.
      if (engine.stepsInFlight === undefined) checkedState("load", start, { params, stats });
      return after(programs.load({ params, stats }), () => {});
    },
  };
  return engine.stepsInFlight === undefined
    ? (either as Predictor) // a synchronous engine's programs give no promises
    : { predict: async (x) => either.predict(x), load: async (next) => either.load(next) };
}

/** The outputs of a model; an error about a batch that does not fit says so. */
function forward(model: Layer<Tensor>, x: Tensor, state: Parameters<typeof pass>[0]): Tensor {
  try {
    return model.forward(x, pass(state));
  } catch (cause) {
    const { name, message } = cause as Error;
    if (name !== "RangeError") throw cause;
    throw new RangeError(
      `predict: expected a batch that fits the model, got ${show(x.shape)}; ${message}`,
      { cause },
    );
  }
}
