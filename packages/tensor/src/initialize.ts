import type { ByPath, LayerPlan, NDArray } from "@tenon/contracts";
import { badArgument, shown } from "@tenon/guards";
import { random } from "@tenon/random";
import { show, sizeOf } from "./shapes.js";

/** The initial state of a model, by path. */
export interface Weights {
  readonly params: ByPath<NDArray>;
  /** Running statistics. */
  readonly stats: ByPath<NDArray>;
}

/**
 * Initial values of the parameters and statistics of a plan. Each parameter has its own random
 * source, derived from the seed and its path, so that adding a layer does not change the others.
 */
export function initialize(plan: LayerPlan, seed: number): Weights {
  const { params, stats } = plan ?? {};
  if (typeof params !== "object" || typeof stats !== "object")
    throw badArgument(
      "initialize",
      "a layer's plan, with params and stats",
      shown(plan),
      "it is what layer.plan(shape) gives",
    );
  const source = random(seed);
  const each = <V>(specs: ByPath<V>, make: (spec: V, path: string) => NDArray): ByPath<NDArray> =>
    Object.fromEntries(Object.entries(specs).map(([path, spec]) => [path, make(spec, path)]));
  return {
    params: each(params, ({ shape, init }, path) => {
      const data = init(shape, source.split(path));
      if (data.length !== sizeOf(shape))
        throw badArgument(
          "initialize",
          `${sizeOf(shape)} values for ${path} ${show(shape)}`,
          data.length,
        );
      return { shape, dtype: "float32", data };
    }),
    stats: each(stats, ({ shape, start }) => ({
      shape,
      dtype: "float32",
      data: new Float32Array(sizeOf(shape)).fill(start),
    })),
  };
}
