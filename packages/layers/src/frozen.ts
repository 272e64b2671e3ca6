import type { ByPath, Layer, LayerPlan, ParamSpec, Pass, Shape } from "@tenon/contracts";
import { noOptions } from "@tenon/guards";
import type { Tensor } from "@tenon/tensor";
import { checkLayer, guarded } from "./internal/check.js";
import { describe } from "./internal/describe.js";
import type { JoiningLayer } from "./joiningLayer.js";

/**
 * A layer whose parameters are not trained: no gradient flows to them, and no optimizer, decay or
 * penalty changes them. It works as outside of training: batch norm uses its running statistics and
 * leaves them as they are, dropout drops nothing. Gradients flow through it to what comes before.
 *
 * Its parameters have the names that they have without `frozen`, so that layers may be frozen and
 * released between runs that load one another's weights. Keras: `trainable = False`, called with
 * `training=False`; PyTorch: `requires_grad_(False)` with `eval()`.
 */
export function frozen(layer: Layer<Tensor>): Layer<Tensor> {
  noOptions("frozen", arguments[1]);
  checkLayer("frozen", layer);
  const { planAll, forwardAll } = layer as Partial<JoiningLayer>;
  return {
    ...guarded({
      type: layer.type,
      plan: (input) => untrained(layer.plan(input)),
      forward: (x, pass) => layer.forward(x, still(pass)),
      toJSON: () => describe("frozen", layer),
    }),
    ...(planAll && { planAll: (inputs: readonly Shape[]) => untrained(planAll(inputs)) }),
    ...(forwardAll && {
      forwardAll: (inputs: readonly Tensor[], pass: Pass<Tensor>) =>
        forwardAll(inputs, still(pass)),
    }),
  };
}

function untrained({ params, parts, ...plan }: LayerPlan): LayerPlan {
  return {
    ...plan,
    params: mapped(params, (spec): ParamSpec => ({ ...spec, trained: false })),
    ...(parts && { parts: parts.map((part) => ({ ...part, plan: untrained(part.plan) })) }),
  };
}

/** The pass outside of training, with parameters that are constants. */
function still(pass: Pass<Tensor>): Pass<Tensor> {
  return {
    ...pass,
    training: false,
    params: mapped(pass.params, (value) => value.detach()),
    part: (path) => still(pass.part(path)),
  };
}

const mapped = <V, W>(values: ByPath<V>, make: (value: V) => W): ByPath<W> =>
  Object.fromEntries(Object.entries(values).map(([path, value]) => [path, make(value)]));
