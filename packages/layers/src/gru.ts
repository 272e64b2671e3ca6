import { flag, known, oneOf } from "@tenon/guards";
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

export interface GruOptions extends RecurrentOptions {
  /** Of the candidate n. @defaultValue tanh() */
  readonly activation?: Activation;
  /** Of the gates z and r. @defaultValue sigmoid() */
  readonly recurrentActivation?: Activation;
  /**
   * Whether h is reset after it is multiplied by weights, as Keras and PyTorch have it, or before,
   * as in the paper. @defaultValue true
   */
  readonly resetAfter?: boolean;
  /** Whether there is a second bias b′. @defaultValue that of resetAfter and useBias together */
  readonly recurrentBias?: boolean;
  /**
   * The order of the gates in the parameters: `"zrn"` is Keras', `"rzn"` PyTorch's.
   * @defaultValue "zrn"
   */
  readonly gates?: "zrn" | "rzn";
}

/**
 * Gated recurrent unit: [z, r, n] = xₜ W + b and [z′, r′, n′] = hₜ₋₁ U + b′,
 * h̃ = tanh(n + σ(r + r′) n′), hₜ = σ(z + z′) hₜ₋₁ + (1 − σ(z + z′)) h̃, from h₀ = 0 on. If h is
 * reset before, n′ = (σ(r + r′) hₜ₋₁) Uₙ + b′ₙ and h̃ = tanh(n + n′).
 *
 * A sequence [steps, features] becomes the last h [units], or all of them [steps, units].
 * Parameters: `kernel` W [features, 3 units], `recurrentKernel` U [units, 3 units], `bias` and
 * `recurrentBias` [3 units], which are the two rows of Keras' bias. A second input [units] of each
 * example is h₀. Keras: `GRU`; PyTorch: `torch.nn.GRU`.
 *
 * Cho et al. (2014), Learning phrase representations using RNN encoder–decoder. arXiv:1406.1078
 *
 * @param units the size of h
 */
export function gru(units: number, options: GruOptions = {}): JoiningLayer {
  const {
    activation = tanh(),
    recurrentActivation = sigmoid(),
    resetAfter = true,
    recurrentBias = resetAfter && (options.useBias ?? true),
    gates = "zrn",
  } = known(
    "gru",
    options,
    `activation recurrentActivation resetAfter recurrentBias gates ${recurrentNames}`,
  );
  flag("gru", "resetAfter", resetAfter);
  if (options.useBias !== undefined) flag("gru", "useBias", options.useBias);
  flag("gru", "recurrentBias", recurrentBias);
  oneOf("gru", "gates", gates, ["zrn", "rzn"]);
  checkActivations("gru", { activation, recurrentActivation });
  const [update, reset] = gates === "zrn" ? [0, 1] : [1, 0];
  const inside = resetAfter ? "inside" : "outside";
  return recurrent(
    "gru",
    units,
    {
      gates: 3,
      recurrentBias: recurrentBias ? inside : "none",
      step(x, [before], h, { kernel, bias }) {
        const opened = (index: number, y: Tensor): Tensor =>
          recurrentActivation.apply(gate(x, index, units).add(gate(y, index, units)));
        // Of both gates alone where the candidate's product comes after them.
        const product = h.matmul(resetAfter ? kernel : gate(kernel, 0, units, 2));
        const y = bias ? product.add(bias) : product;
        const r = opened(reset, y);
        const candidate = resetAfter
          ? r.mul(gate(y, 2, units))
          : r.mul(h).matmul(gate(kernel, 2, units));
        const n = activation.apply(gate(x, 2, units).add(candidate));
        const z = opened(update, y);
        return [z.mul(before!).add(z.neg().add(1).mul(n))];
      },
    },
    options,
  );
}
