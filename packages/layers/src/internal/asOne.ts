import type { Layer } from "@tenon/contracts";
import type { Tensor } from "@tenon/tensor";
import { checkLayer } from "./check.js";
import { sequential } from "../sequential.js";

/** One layer, or several in a row. */
export type Layers = Layer<Tensor> | readonly Layer<Tensor>[];

export function asOne(name: string, layers: Layers): Layer<Tensor> {
  if (!Array.isArray(layers)) checkLayer(name, layers, " or a list of layers");
  return Array.isArray(layers)
    ? sequential(...(layers as readonly Layer<Tensor>[]))
    : (layers as Layer<Tensor>);
}
