import type { Layer } from "@tenon/contracts";
import type { Tensor } from "@tenon/tensor";
import { sequential } from "../sequential.js";

/** One layer, or several in a row. */
export type Layers = Layer<Tensor> | readonly Layer<Tensor>[];

export function asOne(layers: Layers): Layer<Tensor> {
  return "forward" in layers ? layers : sequential(...layers);
}
