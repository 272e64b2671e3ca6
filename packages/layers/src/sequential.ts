import type { Layer, LayerPart } from "@tenon/contracts";
import type { Tensor } from "@tenon/tensor";
import { checkLayer, guarded } from "./internal/check.js";
import { describe } from "./internal/describe.js";
import { planOf, planPart, through } from "./internal/parts.js";
import { pathsOf } from "./internal/paths.js";

/**
 * One layer after the other: y = fₙ(… f₂(f₁(x))). Keras and PyTorch `Sequential`.
 *
 * Each is called by its type and which of that type it is, counted from 1: the second convolution's
 * kernel is `"conv2d2/kernel"`. Without layers it is the identity.
 *
 * @throws in `plan`, if an input does not fit a layer, naming the layer's path
 */
export function sequential(...layers: readonly Layer<Tensor>[]): Layer<Tensor> {
  layers.forEach((layer, i) => checkLayer("sequential", layer, ` at position ${i + 1}`));
  const paths = pathsOf("sequential", layers);
  return guarded({
    type: "sequential",
    plan(input) {
      const parts: LayerPart[] = [];
      let shape = input;
      layers.forEach((layer, i) => {
        const part = planPart(paths[i]!, layer, shape);
        parts.push(part);
        shape = part.plan.output;
      });
      return planOf(shape, parts);
    },
    forward: (x, pass) => layers.reduce((y, layer, i) => through(paths[i]!, layer, y, pass), x),
    toJSON: () => describe("sequential", ...layers),
  });
}
