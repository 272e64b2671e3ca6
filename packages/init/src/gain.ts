import { badArgument, isFiniteNumber, shown } from "@tenon/guards";

/** The activations of `gain`. */
export type GainActivation = "linear" | "conv" | "sigmoid" | "tanh" | "relu" | "selu" | "leakyRelu";

const gains: Readonly<Record<Exclude<GainActivation, "leakyRelu">, number>> = {
  linear: 1,
  conv: 1,
  sigmoid: 1,
  tanh: 1.6666666666666667,
  relu: 1.4142135623730951,
  selu: 0.75,
};

/**
 * The factor of initial values with which an activation preserves the variance of its input.
 *
 * 1 for linear, conv and sigmoid, 5/3 for tanh, √2 for relu, √(2 / (1 + slope²)) for leakyRelu, 3/4
 * for selu: PyTorch's `calculate_gain`. `slope` is read by leakyRelu only and is 0.01 if not given.
 *
 * Throws a RangeError for other names. He, Zhang, Ren & Sun (2015), Delving deep into rectifiers.
 * arXiv:1502.01852
 */
export function gain(activation: GainActivation, slope: number = 0.01): number {
  if (activation === "leakyRelu") {
    if (!isFiniteNumber(slope)) throw badArgument("gain", "a finite slope", shown(slope));
    return Math.sqrt(2 / (1 + slope * slope));
  }
  if (!Object.hasOwn(gains, activation)) {
    throw badArgument(
      "gain",
      `an activation of ${[...Object.keys(gains), "leakyRelu"].join(", ")}`,
      shown(activation),
    );
  }
  return gains[activation];
}
