import type { Arithmetic, ByPath, Clock, Flow, Shape, Transform } from "@tenon/contracts";
import { known, oneOf } from "@tenon/guards";
import { mapPaths } from "./internal/mapPaths.js";
import { normOf } from "./internal/norms.js";

export interface InspectOptions {
  /** What is kept of each parameter's updates: all of them, or their norm. @defaultValue "norm" */
  readonly keep?: "norm" | "values";
}

/**
 * Keeps what flows at its place in a chain, and changes nothing: the slot `"inspect/norm"`, or
 * `"inspect/values"`, has that of the last step, by parameter.
 *
 * `chain(clipByGlobalNorm(1), inspect(), scaleByAdam(), inspect())`; the slots of the second one
 * are called `"inspect#2/norm"`. Read them from `optimizer.state().slots` or from a run's snapshot.
 * optax: `snapshot`, `monitor`.
 */
export function inspect(options: InspectOptions = {}): Transform {
  const { keep = "norm" } = known("inspect", options, "keep");
  oneOf("inspect", "keep", keep, ["norm", "values"]);
  const slot = `inspect/${keep}`;
  return {
    name: "inspect",
    slots: (shapes: ByPath<Shape>) => ({
      [slot]: mapPaths(shapes, (shape) => ({ shape: keep === "norm" ? [] : shape, start: 0 })),
    }),
    update<T extends Arithmetic<T>>({ updates, params, slots }: Flow<T>, _: Clock<T>): Flow<T> {
      const seen = mapPaths(updates, (g) => {
        if (keep === "values") return g;
        const { scaled, unscale } = normOf([g]);
        return scaled.mul(unscale);
      });
      return { updates, params, slots: { ...slots, [slot]: seen } };
    },
  };
}
