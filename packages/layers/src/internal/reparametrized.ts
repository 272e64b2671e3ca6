import type { ByPath, Layer, ParamSpec, Pass, StatSpec } from "@tenon/contracts";
import { badArgument } from "@tenon/guards";
import type { Tensor } from "@tenon/tensor";
import { checkLayer, guarded } from "./check.js";
import { describe } from "./describe.js";

interface Reparametrization {
  /** What is learned instead of the kernel. @defaultValue the kernel itself */
  params?(kernel: ParamSpec): ByPath<ParamSpec>;
  /** What is kept beside it. @defaultValue nothing */
  stats?(kernel: ParamSpec): ByPath<StatSpec>;
  /** The kernel that the layer uses. */
  kernel(pass: Pass<Tensor>): Tensor;
}

/** A layer whose `kernel` is computed from other parameters, or changed before it is used. */
export function reparametrized(
  type: string,
  layer: Layer<Tensor>,
  args: readonly unknown[],
  how: Reparametrization,
): Layer<Tensor> {
  checkLayer(type, layer);
  return guarded({
    type,
    plan(input) {
      const { params, output, stats } = layer.plan(input);
      const { kernel, ...rest } = params;
      if (!kernel)
        throw badArgument(
          type,
          'a layer with a parameter "kernel"',
          `${layer.type} with ${Object.keys(rest).join(", ") || "none"}`,
          "wrap the layers inside instead",
        );
      if (kernel.trained === false)
        throw badArgument(
          type,
          "a layer whose kernel is trained",
          `${layer.type}, whose kernel is not`,
          `leave out frozen, or freeze the result: frozen(${type}(…))`,
        );
      return {
        output,
        params: { ...(how.params?.(kernel) ?? { kernel }), ...rest },
        stats: { ...stats, ...how.stats?.(kernel) },
      };
    },
    forward: (x, pass) =>
      layer.forward(x, { ...pass, params: { ...pass.params, kernel: how.kernel(pass) } }),
    toJSON: () => describe(type, layer, ...args),
  });
}
