import type { Init, Layer } from "@tenon/contracts";
import { glorotUniform, zeros } from "@tenon/init";
import type { Tensor } from "@tenon/tensor";
import { checkInits, guarded, inNameOf } from "./check.js";
import { describe } from "./describe.js";
import { planOf, planPart, through } from "./parts.js";

/** What `separableConv1d` and `separableConv2d` have in common. */
export interface SeparableOptions {
  /** How many outputs each channel has between the two. @defaultValue 1 */
  readonly depthMultiplier?: number;
  /** Whether to add a learned bias. @defaultValue true */
  readonly useBias?: boolean;
  /** Initial values of the first kernel. @defaultValue glorotUniform() */
  readonly depthwiseInit?: Init;
  /** Initial values of the second kernel. @defaultValue glorotUniform() */
  readonly pointwiseInit?: Init;
  /** Initial values of the bias. @defaultValue zeros() */
  readonly biasInit?: Init;
}

/**
 * A convolution of each channel, then one of all channels at each place, called `"depthwise"` and
 * `"pointwise"`.
 *
 * @param args of the layer; what the options here do not name is for the first convolution
 */
export function separable<K>(
  type: string,
  args: readonly [filters: number, kernelSize: K, options: SeparableOptions],
  depthwiseConv: (kernelSize: K, options: object) => Layer<Tensor>,
  conv: (filters: number, kernelSize: 1, options: object) => Layer<Tensor>,
): Layer<Tensor> {
  const [filters, kernelSize, options] = args;
  const {
    depthMultiplier = 1,
    useBias = true,
    depthwiseInit = glorotUniform(),
    pointwiseInit = glorotUniform(),
    biasInit = zeros(),
    ...how
  } = options;
  checkInits(type, { depthwiseInit, pointwiseInit });
  const first = { ...how, depthMultiplier, useBias: false, kernelInit: depthwiseInit };
  const depthwise = inNameOf(type, () => depthwiseConv(kernelSize, first));
  const second = { useBias, kernelInit: pointwiseInit, biasInit };
  const pointwise = inNameOf(type, () => conv(filters, 1, second));
  return guarded({
    type,
    plan(input) {
      const first = planPart("depthwise", depthwise, input);
      const second = planPart("pointwise", pointwise, first.plan.output);
      return planOf(second.plan.output, [first, second]);
    },
    forward: (x, pass) =>
      through("pointwise", pointwise, through("depthwise", depthwise, x, pass), pass),
    toJSON: () => describe(type, ...args),
  });
}
