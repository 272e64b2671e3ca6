import { flag, known } from "@tenon/guards";
import type { Activation } from "./activation.js";
import {
  checkActivations,
  recurrent,
  recurrentNames,
  type RecurrentOptions,
} from "./internal/recurrent.js";
import type { JoiningLayer } from "./joiningLayer.js";
import { tanh } from "./tanh.js";

export interface RnnOptions extends RecurrentOptions {
  /** @defaultValue tanh() */
  readonly activation?: Activation;
  /** Whether there is a second bias b′, as PyTorch has it. @defaultValue false */
  readonly recurrentBias?: boolean;
}

/**
 * The simplest recurrent layer: hₜ = tanh(xₜ W + b + hₜ₋₁ U + b′), from h₀ = 0 on.
 *
 * A sequence [steps, features] becomes the last h [units], or all of them [steps, units].
 * Parameters: `kernel` W [features, units], `recurrentKernel` U [units, units], `bias` and
 * `recurrentBias` [units]. A second input [units] of each example is h₀. Keras: `SimpleRNN`;
 * PyTorch: `torch.nn.RNN`.
 *
 * Elman (1990), Finding structure in time. doi:10.1016/0364-0213(90)90002-E
 *
 * @param units the size of h
 */
export function rnn(units: number, options: RnnOptions = {}): JoiningLayer {
  const { activation = tanh(), recurrentBias = false } = known(
    "rnn",
    options,
    `activation recurrentBias ${recurrentNames}`,
  );
  flag("rnn", "recurrentBias", recurrentBias);
  checkActivations("rnn", { activation });
  return recurrent(
    "rnn",
    units,
    {
      gates: 1,
      recurrentBias: recurrentBias ? "outside" : "none",
      step: (x, _, h, { kernel }) => [activation.apply(x.add(h.matmul(kernel)))],
    },
    options,
  );
}
