import type { ByPath, Engine, Layer, LayerPlan, NDArray } from "@tenon/contracts";
import { badArgument, known, made, shown } from "@tenon/guards";
import { pass, variance, type Tensor } from "@tenon/tensor";
import { checkCount, checkLayer, checkPositive } from "./internal/check.js";

export interface LsuvOptions {
  /** How far from 1 a variance may stay. @defaultValue 0.1 */
  readonly tolerance?: number;
  /** How often a kernel is rescaled at most. @defaultValue 10 */
  readonly iterations?: number;
  /** What computes the outputs, such as `await wasm()`. */
  readonly engine: Engine<Tensor>;
}

/**
 * Initial values that depend on data (layer-sequential unit variance): each kernel, in the order of
 * the network, is divided by the standard deviation of its layer's outputs until their variance is
 * 1.
 *
 * Only what is called `kernel` changes. The paper starts from orthogonal kernels: `kernelInit:
 * orthogonal()`. For a state: `{ ...state, params: lsuv(model, state, batch, { engine }) }`.
 *
 * Mishkin & Matas (2016), All you need is a good init, algorithm 1. arXiv:1511.06422
 *
 * @param state the initial values, as `initialize` draws them
 * @param batch the examples, [n, …], some hundred of them
 * @returns all parameters
 * @throws RangeError if a layer's outputs are all equal, or are not finite
 */
export function lsuv(
  layer: Layer<Tensor>,
  state: { readonly params: ByPath<NDArray>; readonly stats?: ByPath<NDArray> },
  batch: NDArray,
  options: LsuvOptions,
): ByPath<NDArray> {
  const {
    tolerance = 0.1,
    iterations = 10,
    engine,
  } = known("lsuv", options, "tolerance iterations engine");
  checkLayer("lsuv", layer);
  checkPositive("lsuv", "tolerance", tolerance);
  checkCount("lsuv", "iterations", iterations);
  made("lsuv", "engine as an engine", engine, "compile", "await wasm() of @tenon/wasm");
  if (!Array.isArray(batch?.shape) || typeof state?.params !== "object")
    throw badArgument("lsuv", "a state and a batch [n, …]", `${shown(state)} and ${shown(batch)}`);
  let { params } = state;
  for (const path of kernels(layer.plan(batch.shape.slice(1)), "")) {
    const varianceOf = compiled(layer, { ...state, params }, batch, path, engine);
    for (let i = 0; i < iterations; i++) {
      const variance = varianceOf(params);
      if (!Number.isFinite(variance) || variance === 0)
        throw badArgument(
          "lsuv",
          `outputs of layer "${path}" that vary and are finite`,
          `the variance ${variance}`,
        );
      if (Math.abs(variance - 1) < tolerance) break;
      const name = `${path}kernel`;
      const { shape, dtype, data } = params[name]!;
      const scaled = Float32Array.from(data, (w) => w / Math.sqrt(variance));
      params = { ...params, [name]: { shape, dtype, data: scaled } };
    }
  }
  return params;
}

/** The paths of the layers that have a kernel of their own, in order, as prefixes. */
function kernels(plan: LayerPlan, path: string): string[] {
  const parts = plan.parts ?? [];
  return parts.length > 0
    ? parts.flatMap((part) => kernels(part.plan, `${path}${part.path}/`))
    : "kernel" in plan.params
      ? [path]
      : [];
}

/** The variance of the outputs of the layer at a path, as a function of all parameters. */
function compiled(
  layer: Layer<Tensor>,
  { params, stats = {} }: { readonly params: ByPath<NDArray>; readonly stats?: ByPath<NDArray> },
  batch: NDArray,
  path: string,
  engine: Engine<Tensor>,
): (params: ByPath<NDArray>) => number {
  type Tensors = ByPath<Tensor>;
  const program = engine.compile(
    (state, { x }: { x: Tensor }) => {
      const given = state as { params: Tensors; stats: Tensors };
      let outputs: Tensor | undefined;
      const tap = (at: string, output: Tensor): void => {
        if (`${at}/` === path) outputs ??= output;
      };
      const y = layer.forward(x, pass({ ...given, tap }));
      return { state, outputs: { variance: variance(outputs ?? y) } };
    },
    { params, stats },
    { x: batch },
  );
  return (now) => {
    program.load({ params: now, stats });
    return program.step({ x: batch }).variance.data[0]!;
  };
}
