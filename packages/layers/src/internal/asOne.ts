import type { Layer } from "@tenon/contracts";
import type { Tensor } from "@tenon/tensor";
import { checkLayer, inNameOf } from "./check.js";
import { sequential } from "../sequential.js";

/** One layer, or several in a row. */
export type Branch = Layer<Tensor> | readonly Layer<Tensor>[];

export function asOne(name: string, layers: Branch, what = ""): Layer<Tensor> {
  if (!Array.isArray(layers)) {
    checkLayer(name, layers, ` or a list of layers${what}`);
    return layers as Layer<Tensor>;
  }
  layers.forEach((layer, i) => checkLayer(name, layer, ` at position ${i + 1}${what}`));
  return inNameOf(name, () => sequential(...(layers as readonly Layer<Tensor>[])));
}
