import type { Layer, Shape } from "@tenon/contracts";
import { badArgument, known, shown } from "@tenon/guards";
import { einsum, type Tensor } from "@tenon/tensor";
import { checkCount, guarded, param, show } from "./internal/check.js";
import { describe } from "./internal/describe.js";
import {
  noActivation,
  biased,
  weightParams,
  weightsOf,
  type WeightOptions,
} from "./internal/weights.js";

export interface EinsumDenseOptions extends Omit<WeightOptions, "useBias"> {
  /** The output's labels along which there is a bias, such as "d". @defaultValue none */
  readonly biasAxes?: string;
}

/**
 * A dense layer of any shape: the input and a learned kernel, summed as an equation says.
 * `einsumDense("abc,cd->abd", { d: 64 })` is `dense(64)` of sequences; `"abc,chd->abhd"` makes
 * heads.
 *
 * The first label is that of the batch. Parameters: `kernel`, with the sizes of its labels, and
 * `bias`. Keras `EinsumDense`, which takes the output's shape.
 *
 * @param equation of the input, the kernel and the output, as of the tensor operation `einsum`
 * @param sizes of the labels that the input does not have
 * @throws RangeError in `plan`, if the input has another number of axes
 */
export function einsumDense(
  equation: string,
  sizes: Readonly<Record<string, number>>,
  options: EinsumDenseOptions = {},
): Layer<Tensor> {
  const name = "einsumDense";
  const {
    biasAxes = "",
    kernelInit,
    biasInit,
  } = known(name, noActivation(name, options), "biasAxes kernelInit biasInit");
  const parsed = /^([a-zA-Z]+),([a-zA-Z]+)->([a-zA-Z]+)$/.exec(
    typeof equation === "string" ? equation.replace(/\s/g, "") : "",
  );
  if (!parsed) throw badArgument(name, 'an equation such as "abc,cd->abd"', shown(equation));
  const [, input, kernel, output] = parsed as unknown as [string, string, string, string];
  if (typeof sizes !== "object" || sizes === null || Array.isArray(sizes))
    throw badArgument(name, "sizes of labels, such as { d: 64 }", shown(sizes));
  for (const [label, size] of Object.entries(sizes)) checkCount(name, `the size of ${label}`, size);
  if (typeof biasAxes !== "string" || [...biasAxes].some((label) => !output.includes(label)))
    throw badArgument(name, `biasAxes among the output's labels "${output}"`, shown(biasAxes));
  const weights = weightsOf(name, { useBias: biasAxes !== "", kernelInit, biasInit });
  const open = [...kernel, ...output].find(
    (label) => !input.includes(label) && sizes[label] === undefined,
  );
  if (open !== undefined) throw badArgument(name, `a size of the label "${open}"`, shown(sizes));
  const sizesOf = (labels: string, example: Shape): number[] =>
    [...labels].map((label) => example[input.indexOf(label) - 1] ?? sizes[label]!);
  return guarded({
    type: name,
    plan(example) {
      if (example.length !== input.length - 1 || input[0] !== output[0])
        throw badArgument(name, `an example of the axes "${input.slice(1)}"`, show(example));
      const spec = { shape: sizesOf(kernel, example), init: weights.kernelInit };
      const { bias, ...params } = weightParams(spec, 1, weights);
      // From the first of its labels on, with size 1 along the others.
      const first = output.split("").findIndex((label) => biasAxes.includes(label));
      const shape = [...output.slice(first)].map((label) =>
        biasAxes.includes(label) ? sizesOf(label, example)[0]! : 1,
      );
      return {
        output: sizesOf(output.slice(1), example),
        params: bias ? { ...params, bias: { ...bias, shape } } : params,
        stats: {},
      };
    },
    forward: (x, pass) =>
      biased(name, einsum(parsed[0], x, param(name, pass, "kernel")), pass, weights),
    toJSON: () => describe(name, equation, sizes, options),
  });
}
