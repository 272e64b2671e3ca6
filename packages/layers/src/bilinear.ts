import type { Init, Pass, Shape } from "@tenon/contracts";
import { badArgument, known } from "@tenon/guards";
import { uniform } from "@tenon/init";
import { checkShape, checkTensor, type Tensor } from "@tenon/tensor";
import {
  checkCount,
  checkFlags,
  checkInits,
  guarded,
  inLayer,
  param,
  sameShape,
  show,
} from "./internal/check.js";
import { describe } from "./internal/describe.js";
import { biased, weightParams } from "./internal/weights.js";
import type { JoiningLayer } from "./joiningLayer.js";

export interface BilinearOptions {
  /** Whether to add a learned bias. @defaultValue true */
  readonly useBias?: boolean;
  /** Initial values of the kernel. @defaultValue uniform within ±1 / √a, as in PyTorch */
  readonly kernelInit?: Init;
  /** Initial values of the bias. @defaultValue uniform within ±1 / √a, as in PyTorch */
  readonly biasInit?: Init;
}

const type = "bilinear";

/**
 * Every output is a weighted sum of the products of each value of one input with each of the other,
 * plus a bias: yₖ = Σᵢⱼ x₁ᵢ Wⱼᵢₖ x₂ⱼ + bₖ.
 *
 * It takes two inputs, […, a] and […, b], and makes […, units]; given one, that is both.
 * Parameters: `kernel` [b, a, units], `bias` [units]. PyTorch: `nn.Bilinear`.
 *
 * @param units the number of outputs
 * @throws in `plan`, unless the inputs agree but for their last axis
 */
export function bilinear(units: number, options: BilinearOptions = {}): JoiningLayer {
  const { useBias = true, ...inits } = known(type, options, "useBias kernelInit biasInit");
  checkCount(type, "units", units);
  checkFlags(type, { useBias });
  for (const [what, init] of Object.entries(inits))
    if (init !== undefined) checkInits(type, { [what]: init });
  const planAll = (inputs: readonly Shape[]): ReturnType<JoiningLayer["planAll"]> => {
    inputs.forEach((shape) => checkShape(type, shape));
    const [first, second] = both(inputs);
    const [a, b] = [first.at(-1), second.at(-1)];
    if (a === undefined || b === undefined || !sameShape(first.slice(0, -1), second.slice(0, -1)))
      throw badArgument(
        type,
        "inputs […, a] and […, b]",
        `${show(first)} and ${show(second)}`,
        "reshape one",
      );
    const usual = uniform({ low: -1 / Math.sqrt(a), high: 1 / Math.sqrt(a) });
    const { kernelInit = usual, biasInit = usual } = inits;
    const kernel = { shape: [b, a, units], init: kernelInit };
    return {
      output: [...first.slice(0, -1), units],
      params: weightParams(kernel, units, { useBias, kernelInit, biasInit }),
      stats: {},
    };
  };
  const forwardAll = (inputs: readonly Tensor[], pass: Pass<Tensor>): Tensor => {
    inputs.forEach((x) => checkTensor(type, x, "a batch that is a tensor"));
    const [first, second] = both(inputs);
    const kernel = param(type, pass, "kernel");
    const [b, a] = kernel.shape as [number, number, number];
    // First the sums over the second input, one matrix for each example, then those over the first.
    const matrices = second.matmul(kernel.reshape([b, a * units])).reshape([...first.shape, units]);
    return biased(type, first.expandDims(-1).mul(matrices).sum(-2), pass, { useBias });
  };
  const layer = guarded({
    type,
    plan: (shape) => planAll([shape]),
    forward: (x, pass) => forwardAll([x], pass),
    toJSON: () => describe(type, units, options),
  });
  return {
    ...layer,
    planAll,
    forwardAll: (inputs, pass) => inLayer(type, () => forwardAll(inputs, pass)),
  };
}

/** Both inputs, of two or of one. */
function both<V>(inputs: readonly V[]): readonly [V, V] {
  const [first, second = first] = inputs;
  if (first === undefined || inputs.length > 2)
    throw badArgument(type, "1 or 2 inputs", inputs.length, "concatenate some");
  return [first, second!];
}
