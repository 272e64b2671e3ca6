import type { ByPath, Init, ParamSpec, Pass } from "@tenon/contracts";
import { glorotUniform, zeros } from "@tenon/init";
import { badArgument, shown } from "@tenon/guards";
import type { Tensor } from "@tenon/tensor";
import { checkFlags, checkInits, param } from "./check.js";

/** The kernel and the bias of a layer. */
export interface WeightOptions {
  /** Whether to add a learned bias. @defaultValue true */
  readonly useBias?: boolean;
  /** Initial values of the kernel. @defaultValue glorotUniform() */
  readonly kernelInit?: Init;
  /** Initial values of the bias. @defaultValue zeros() */
  readonly biasInit?: Init;
}
export type Weights = Required<WeightOptions>;

/** The options. Throws where an activation is one of them, as in Keras; here it is a layer. */
export function noActivation<T extends object>(name: string, options: T): T {
  const { activation } = (options ?? {}) as { readonly activation?: unknown };
  if (activation)
    throw badArgument(name, "no activation", shown(activation), "add a layer, such as relu()");
  return options;
}

/** The options with their defaults. Throws unless they are true or false, and inits. */
export function weightsOf(
  name: string,
  {
    useBias = true,
    kernelInit = glorotUniform(),
    biasInit = zeros(),
  }: { readonly [K in keyof WeightOptions]: WeightOptions[K] | undefined },
): Weights {
  checkFlags(name, { useBias });
  checkInits(name, { kernelInit, biasInit });
  return { useBias, kernelInit, biasInit };
}

/** A kernel and, unless there is none, a bias [outputs]. */
export function weightParams(
  kernel: ParamSpec,
  outputs: number,
  { useBias, biasInit }: Weights,
): ByPath<ParamSpec> {
  const init = biasInit.forKernel?.(kernel.shape) ?? biasInit;
  return useBias ? { kernel, bias: { shape: [outputs], init } } : { kernel };
}

/** y, plus the bias if there is one. */
export function biased(
  name: string,
  y: Tensor,
  pass: Pass<Tensor>,
  { useBias }: Pick<Weights, "useBias">,
): Tensor {
  return useBias ? y.add(param(name, pass, "bias")) : y;
}
