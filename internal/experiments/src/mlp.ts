import type { Init, Layer } from "@tenon/contracts";
import { dense, flatten, relu, sequential, sigmoid, tanh } from "@tenon/layers";
import type { Tensor } from "@tenon/tensor";

/** The activations that readers choose from. */
export const activations = ["sigmoid", "tanh", "relu"] as const;
export type ActivationName = (typeof activations)[number];

const layers = { sigmoid, tanh, relu };

/** What a fully connected network for the digits is made of. */
interface MlpOptions {
  /** How many dense layers there are, with the last one, of ten units. */
  readonly depth: number;
  /** Units of each hidden layer. */
  readonly width: number;
  readonly activation: ActivationName;
  /** The initial weights. @defaultValue those of `dense` */
  readonly kernelInit?: Init;
}

/** Dense layers with an activation after each but the last one, which has a unit for each digit. */
export function mlp({ depth, width, activation, kernelInit }: MlpOptions): Layer<Tensor> {
  const options = kernelInit && { kernelInit };
  const hidden = Array.from({ length: depth - 1 }, () => [
    dense(width, options),
    layers[activation](),
  ]);
  return sequential(flatten(), ...hidden.flat(), dense(10, options));
}
