import { flag, known } from "@tenon/guards";
import type { Tensor } from "@tenon/tensor";
import type { Activation } from "./activation.js";
import {
  checkActivations,
  gate,
  recurrent,
  recurrentNames,
  type RecurrentOptions,
} from "./internal/recurrent.js";
import type { JoiningLayer } from "./joiningLayer.js";
import { sigmoid } from "./sigmoid.js";
import { tanh } from "./tanh.js";

export interface LstmOptions extends RecurrentOptions {
  /** Of the candidate g and of the output. @defaultValue tanh() */
  readonly activation?: Activation;
  /** Of the gates i, f and o. @defaultValue sigmoid() */
  readonly recurrentActivation?: Activation;
  /** Whether there is a second bias b′, as PyTorch has it. @defaultValue false */
  readonly recurrentBias?: boolean;
  /**
   * Whether the forget gate's bias starts at 1, whatever `biasInit` says, so that at first nothing
   * is forgotten (Jozefowicz, Zaremba & Sutskever, 2015). @defaultValue true
   */
  readonly unitForgetBias?: boolean;
}

/**
 * Long short-term memory: [i, f, g, o] = xₜ W + b + hₜ₋₁ U + b′, cₜ = σ(f) cₜ₋₁ + σ(i) tanh(g),
 * hₜ = σ(o) tanh(cₜ), from h₀ = c₀ = 0 on.
 *
 * A sequence [steps, features] becomes the last h [units], or all of them [steps, units].
 * Parameters: `kernel` W [features, 4 units], `recurrentKernel` U [units, 4 units], `bias` and
 * `recurrentBias` [4 units], with the gates in the order i, f, g, o of Keras and PyTorch. Further
 * inputs [units] of each example are h₀ and c₀. Keras: `LSTM`; PyTorch: `torch.nn.LSTM`.
 *
 * Hochreiter & Schmidhuber (1997), doi:10.1162/neco.1997.9.8.1735; with forget gates: Gers,
 * Schmidhuber & Cummins (2000), doi:10.1162/089976600300015015
 *
 * @param units the size of h and of c
 */
export function lstm(units: number, options: LstmOptions = {}): JoiningLayer {
  const {
    activation = tanh(),
    recurrentActivation = sigmoid(),
    recurrentBias = false,
    unitForgetBias = true,
  } = known(
    "lstm",
    options,
    `activation recurrentActivation recurrentBias unitForgetBias ${recurrentNames}`,
  );
  flag("lstm", "recurrentBias", recurrentBias);
  flag("lstm", "unitForgetBias", unitForgetBias);
  checkActivations("lstm", { activation, recurrentActivation });
  return recurrent(
    "lstm",
    units,
    {
      gates: 4,
      states: 2,
      recurrentBias: recurrentBias ? "outside" : "none",
      ...(unitForgetBias && { startOfBias: (values) => values.fill(1, units, 2 * units) }),
      step(x, [, c], h, { kernel }) {
        const z = x.add(h.matmul(kernel));
        const opened = (index: number): Tensor => recurrentActivation.apply(gate(z, index, units));
        const [i, f, g, o] = [opened(0), opened(1), activation.apply(gate(z, 2, units)), opened(3)];
        const next = f.mul(c!).add(i.mul(g));
        return [o.mul(activation.apply(next)), next];
      },
    },
    options,
  );
}
