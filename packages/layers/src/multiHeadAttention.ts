import type { Init, Layer, LayerPart, Pass, Shape } from "@tenon/contracts";
import { badArgument, known } from "@tenon/guards";
import { checkShape, checkTensor, type Tensor } from "@tenon/tensor";
import { dense } from "./dense.js";
import { dropout as dropoutLayer } from "./dropout.js";
import {
  checkBetween,
  checkCount,
  checkFlags,
  checkInits,
  checkPositive,
  guarded,
  sameShape,
  show,
} from "./internal/check.js";
import { describe } from "./internal/describe.js";
import { planOf, planPart, through } from "./internal/parts.js";
import { rotated } from "./internal/angles.js";
import type { JoiningLayer } from "./joiningLayer.js";
import { scaledDotProductAttention } from "./scaledDotProductAttention.js";

export interface MultiHeadAttentionOptions {
  /**
   * How many heads keys and values have: each is that of heads / keyValueHeads heads of queries in
   * a row. 1 is multi-query attention. @defaultValue as many as queries have
   */
  readonly keyValueHeads?: number;
  /** The size of a head's queries and keys. @defaultValue that of the input divided by the heads */
  readonly keyDim?: number;
  /** The size of a head's values. @defaultValue keyDim */
  readonly valueDim?: number;
  /** The size of the output. @defaultValue that of the query's input */
  readonly outputDim?: number;
  /** Whether place i sees places 0 … i only. @defaultValue false */
  readonly causal?: boolean;
  /** The fraction of weights that are dropped while training. @defaultValue 0 */
  readonly dropout?: number;
  /**
   * The base of the rotary positions of queries and keys, such as 10000 (`rotaryPositions`).
   * @defaultValue none: they are not rotated
   */
  readonly rotary?: number;
  /** @defaultValue true */
  readonly useBias?: boolean;
  /** Initial values of the four kernels. @defaultValue glorotUniform() */
  readonly kernelInit?: Init;
  /** Initial values of the four biases. @defaultValue zeros() */
  readonly biasInit?: Init;
}

/**
 * Attention in several heads, each on its own projection of the input: y = [head₁, head₂, …] Wₒ +
 * bₒ, headᵢ = softmax(Qᵢ Kᵢᵀ / √keyDim) Vᵢ.
 *
 * A sequence [places, size] attends to itself and becomes [places, outputDim]. It takes several
 * inputs, too: (query, memory), (query, key, value), or (query, key, value, mask) with a mask
 * [queries, keys] or [1, keys] of each example, as in `scaledDotProductAttention`. Its parts are
 * dense layers called `"query"`, `"key"`, `"value"` and `"output"`; head h has columns h · keyDim …
 * of the first two. Keras: `MultiHeadAttention`; PyTorch: `torch.nn.MultiheadAttention`, whose
 * `in_proj_weight` holds the first three kernels, transposed, one below the other. With fewer
 * keyValueHeads, keys and values are smaller. Keras: `GroupQueryAttention`; PyTorch:
 * `scaled_dot_product_attention(enable_gqa=True)`.
 *
 * Vaswani et al. (2017), Attention is all you need, section 3.2.2. arXiv:1706.03762; keyValueHeads:
 * Ainslie et al. (2023), GQA, section 2.2. arXiv:2305.13245
 *
 * @throws in `plan`, if the inputs do not fit each other, or the size is no multiple of the heads
 */
export function multiHeadAttention(
  heads: number,
  options: MultiHeadAttentionOptions = {},
): JoiningLayer {
  const { causal = false, dropout = 0, rotary, keyValueHeads = heads } = checked(heads, options);
  const drop = dropoutLayer(dropout);
  const planAll = (inputs: readonly Shape[]): ReturnType<JoiningLayer["planAll"]> => {
    inputs.forEach((shape) => checkShape(type, shape));
    const [query, key, value, mask] = roles(inputs);
    if ([query, key, value].some((shape) => shape.length !== 2) || key[0] !== value[0])
      throw badArgument(
        type,
        "sequences [places, size], the key's as long as the value's",
        [query, key, value].map(show).join(", "),
      );
    if (mask && !fits(mask, [query[0]!, key[0]!]))
      throw badArgument(type, `a mask [${query[0]}, ${key[0]}] or [1, ${key[0]}]`, show(mask));
    const layers = projections(heads, options, query[1]!);
    const part = (path: string, input: Shape, heads: number): LayerPart => {
      const { plan, ...rest } = planPart(path, layers[path]!, input);
      return { ...rest, plan: { ...plan, heads } };
    };
    const values = part("value", value, keyValueHeads);
    const units = (values.plan.output[1]! / keyValueHeads) * heads;
    const output = part("output", [query[0]!, units], heads);
    const queries = part("query", query, heads);
    return planOf(output.plan.output, [queries, part("key", key, keyValueHeads), values, output]);
  };
  const forwardAll = (inputs: readonly Tensor[], pass: Pass<Tensor>): Tensor => {
    inputs.forEach((x) => checkTensor(type, x, "a batch that is a tensor"));
    const [query, key, value, mask] = roles(inputs);
    const layers = projections(heads, options, query.shape[2]!);
    const headsOf = (path: string, x: Tensor, count: number): Tensor => {
      const y = through(path, layers[path]!, x, pass);
      const [n, places, size] = y.shape as [number, number, number];
      return y.reshape([n, places, count, size / count]).transpose([0, 2, 1, 3]);
    };
    const turned = (x: Tensor): Tensor => (rotary === undefined ? x : rotated(x, rotary));
    const y = scaledDotProductAttention(
      turned(headsOf("query", query, heads)),
      repeated(turned(headsOf("key", key, keyValueHeads)), heads),
      repeated(headsOf("value", value, keyValueHeads), heads),
      {
        causal,
        ...(mask && { mask: mask.expandDims(1) }),
        onWeights: (weights) => drop.forward(weights, pass),
      },
    ).transpose([0, 2, 1, 3]);
    const [n, places, , size] = y.shape as [number, number, number, number];
    return through("output", layers["output"]!, y.reshape([n, places, heads * size]), pass);
  };
  const layer = guarded({
    type,
    plan: (shape) => planAll([shape]),
    forward: (x, pass) => forwardAll([x], pass),
    toJSON: () => describe(type, heads, options),
  });
  return { ...layer, planAll, forwardAll };
}

const type = "multiHeadAttention";

/** The options. Throws where one makes no sense. */
function checked(heads: number, given: MultiHeadAttentionOptions): MultiHeadAttentionOptions {
  const options = known(
    type,
    given,
    "keyDim valueDim outputDim causal dropout rotary useBias kernelInit biasInit keyValueHeads",
  );
  const { keyValueHeads = heads, keyDim, valueDim, outputDim, ...rest } = options;
  const { causal, useBias, dropout, rotary, ...inits } = rest;
  checkCount(type, "heads", heads);
  checkCount(type, "keyValueHeads", keyValueHeads);
  if (heads % keyValueHeads !== 0)
    throw badArgument(
      type,
      `keyValueHeads that divide ${heads} heads`,
      keyValueHeads,
      `use 1 or ${heads}`,
    );
  for (const [what, n] of Object.entries({ keyDim, valueDim, outputDim }))
    if (n !== undefined) checkCount(type, what, n);
  for (const [what, flag] of Object.entries({ causal, useBias }))
    if (flag !== undefined) checkFlags(type, { [what]: flag });
  if (dropout !== undefined) checkBetween(type, "dropout", dropout, 0, 1);
  if (rotary !== undefined) checkPositive(type, "rotary", rotary);
  for (const [what, init] of Object.entries(inits))
    if (init !== undefined) checkInits(type, { [what]: init });
  return options;
}

/** The dense layers of attention, for a query of this size. */
function projections(
  heads: number,
  options: MultiHeadAttentionOptions,
  size: number,
): Readonly<Record<string, Layer<Tensor>>> {
  const { keyValueHeads = heads, keyDim = size / heads, valueDim = keyDim } = options;
  if (!Number.isInteger(keyDim))
    throw badArgument(type, `a size that ${heads} heads divide`, size, "or say a keyDim");
  if (options.rotary !== undefined && keyDim % 2 !== 0)
    throw badArgument(type, "an even keyDim, to be rotated", keyDim);
  const { outputDim = size, useBias = true, kernelInit, biasInit } = options;
  const layer = (units: number): Layer<Tensor> =>
    dense(units, { useBias, ...(kernelInit && { kernelInit }), ...(biasInit && { biasInit }) });
  return {
    query: layer(heads * keyDim),
    key: layer(keyValueHeads * keyDim),
    value: layer(keyValueHeads * valueDim),
    output: layer(outputDim),
  };
}

/** Each head [n, head, places, size] as often as it takes for so many heads. */
function repeated(x: Tensor, heads: number): Tensor {
  const [n, count, places, size] = x.shape as [number, number, number, number];
  if (count === heads) return x;
  const each = x.expandDims(2).broadcastTo([n, count, heads / count, places, size]);
  return each.reshape([n, heads, places, size]);
}

/** Query, key, value and mask, of one input or more. */
function roles<V>(inputs: readonly V[]): readonly [V, V, V, V?] {
  const [query, key = query, value = key, mask] = inputs;
  if (query === undefined || inputs.length > 4)
    throw badArgument(type, "1 to 4 inputs", inputs.length);
  return mask === undefined ? [query, key!, value!] : [query, key!, value!, mask];
}

const fits = (mask: Shape, [queries, keys]: readonly [number, number]): boolean =>
  sameShape(mask, [queries, keys]) || sameShape(mask, [1, keys]);
