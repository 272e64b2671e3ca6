import type { ByPath, Layer, NDArray, Elements, Shape } from "@tenon/contracts";
import { gradients, pass, reference, split, zeros, type Tensor } from "@tenon/tensor";
import type { JoiningLayer } from "../joiningLayer.js";

// Helpers of this package's tests. Not exported, not shipped.

/** Values with a shape, as tests write them. */
export interface Given {
  readonly shape: Shape;
  readonly data: ArrayLike<number>;
}

export interface RunOptions {
  readonly x: Given;
  /** The gradient of the output. @defaultValue ones */
  readonly dy?: Given;
  readonly params?: ByPath<Given>;
  readonly stats?: ByPath<Given>;
  /** @defaultValue false */
  readonly training?: boolean;
  /** @defaultValue 1 */
  readonly seed?: number;
  /** @defaultValue 0 */
  readonly step?: number;
  /** Feeds x as integers, which have no gradient. @defaultValue false */
  readonly integers?: boolean;
}

export interface RunResult {
  readonly y: NDArray;
  readonly dx: NDArray;
  readonly grads: ByPath<NDArray>;
  readonly stats: ByPath<NDArray>;
}

const exact = ({ shape, data }: Given): NDArray => ({
  shape,
  dtype: "float32",
  data: Float64Array.from(data),
});
const all = (arrays: ByPath<Given>): ByPath<NDArray> =>
  Object.fromEntries(Object.entries(arrays).map(([path, array]) => [path, exact(array)]));

/**
 * A layer of several inputs as one of a single input that holds them one after the other, so that
 * it can be run and checked as any other.
 */
export function ofOneInput(layer: JoiningLayer, inputs: readonly Shape[]): Layer<Tensor> {
  const sizes = inputs.map((shape) => shape.reduce((n, m) => n * m, 1));
  const parted = (x: Tensor): Tensor[] =>
    split(x, sizes, 1).map((part, i) => part.reshape([x.shape[0]!, ...inputs[i]!]));
  return {
    ...layer,
    plan: () => layer.planAll(inputs),
    forward: (x, pass) => layer.forwardAll(parted(x), pass),
  };
}

/** One step through a layer in float64: output, gradients of Σ y·dy, statistics after. */
export function run(
  layer: Layer<Tensor>,
  {
    x,
    dy,
    params = {},
    stats = {},
    training = false,
    seed = 1,
    step = 0,
    integers = false,
  }: RunOptions,
): RunResult {
  const start = { params: all(params), stats: all(stats) };
  const dtype = integers ? "int32" : "float32";
  const inputs = {
    x: { shape: x.shape, dtype },
    seed: { shape: [], dtype: "int32" },
    step: { shape: [], dtype: "int32" },
    ...(dy && { dy: { shape: dy.shape } }),
  } as const;
  const program = reference({ precision: "float64" }).compile(
    (state: { params: ByPath<Tensor>; stats: ByPath<Tensor> }, fed: ByPath<Tensor>) => {
      const root = pass({
        params: state.params,
        stats: state.stats,
        ...(training && { training: { seed: fed["seed"]!, step: fed["step"]! } }),
      });
      const y = layer.forward(fed["x"]!, root);
      // Integers have no gradient.
      const grads = gradients((fed["dy"] ? y.mul(fed["dy"]) : y).sum(), {
        ...(!integers && { x: fed["x"]! }),
        params: state.params,
      });
      return {
        state: { params: state.params, stats: root.statsAfter() },
        outputs: { y, dx: grads.x ?? zeros(x.shape), grads: grads.params as ByPath<Tensor> },
      };
    },
    start,
    inputs,
  );
  const data: Elements = integers ? Int32Array.from(x.data) : Float64Array.from(x.data);
  const outputs = program.step({
    x: data,
    seed,
    step,
    ...(dy && { dy: Float64Array.from(dy.data) }),
  } as never) as unknown as Omit<RunResult, "stats">;
  return { ...outputs, stats: (program.state() as { stats: ByPath<NDArray> }).stats };
}
