import type { ByPath, Layer, Shape } from "@tenon/contracts";
import type { Tensor } from "@tenon/tensor";

/** Those of values by path whose parameters are trained; the others are of frozen layers. */
export function trainedOf<V>(model: Layer<Tensor>, input: Shape, values: ByPath<V>): ByPath<V> {
  const { params } = model.plan(input);
  return Object.fromEntries(
    Object.entries(values).filter(([path]) => params[path]?.trained !== false),
  );
}
