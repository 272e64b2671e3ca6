import { badArgument, known } from "@tenon/guards";
import { arange, checkTensor, where, type Tensor } from "@tenon/tensor";
import { checkFinite, checkFlags, show } from "./internal/check.js";

export interface AttentionOptions {
  /**
   * Which keys a query attends to, of a shape that broadcasts to […, queries, keys]: int32, 0 where
   * it does not; or float32, added to the scores. @defaultValue all keys
   */
  readonly mask?: Tensor;
  /** Whether query i attends to keys 0 … i only, as in a model of language. @defaultValue false */
  readonly causal?: boolean;
  /** The factor of the scores. @defaultValue 1 / √(size of a query) */
  readonly scale?: number;
  /** Applied to the weights, such as dropout. @defaultValue the identity */
  readonly onWeights?: (weights: Tensor) => Tensor;
}

/** The score of a key that is masked: e to its power is 0, and a mean of such scores is finite. */
const masked = -1e30;

/**
 * For each query the mean of all values, weighted by how well their keys match: y = softmax(s Q Kᵀ)
 * V.
 *
 * Q [… , queries, size], K [… , keys, size], V [… , keys, width] → [… , queries, width]; the axes
 * before broadcast. A query whose keys are all masked gets the plain mean of the values, as in
 * Keras. PyTorch: `torch.nn.functional.scaled_dot_product_attention`.
 *
 * Vaswani et al. (2017), Attention is all you need, eq. 1. arXiv:1706.03762
 *
 * @throws if the shapes do not fit each other
 */
export function scaledDotProductAttention(
  query: Tensor,
  key: Tensor,
  value: Tensor,
  options: AttentionOptions = {},
): Tensor {
  const name = "scaledDotProductAttention";
  const {
    mask,
    causal = false,
    scale,
    onWeights = (weights: Tensor): Tensor => weights,
  } = known(name, options, "mask causal scale onWeights");
  for (const x of [query, key, value]) checkTensor(name, x);
  checkFlags(name, { causal });
  if (scale !== undefined) checkFinite(name, "scale", scale);
  const [queries, size] = query.shape.slice(-2);
  const [keys, width] = key.shape.slice(-2);
  if (width === undefined || width !== size || value.shape.at(-2) !== keys)
    throw badArgument(
      name,
      "a query […, queries, size], a key […, keys, size] and a value […, keys, width]",
      [query, key, value].map(({ shape }) => show(shape)).join(", "),
    );
  const axes = key.shape.map((_, i) => i);
  const transposed = key.transpose([...axes.slice(0, -2), axes.length - 1, axes.length - 2]);
  const scores = query.matmul(transposed).mul(scale ?? 1 / Math.sqrt(size));
  const before = causal
    ? where(arange(queries!).expandDims(1).greaterEqual(arange(keys!)), scores, masked)
    : scores;
  return onWeights(withMask(before, mask).softmax(-1)).matmul(value);
}

function withMask(scores: Tensor, mask: Tensor | undefined): Tensor {
  if (mask === undefined) return scores;
  const name = "scaledDotProductAttention";
  checkTensor(name, mask, "a mask that is a tensor");
  const before = scores.shape.length - mask.shape.length;
  if (before < 0 || !mask.shape.every((n, i) => n === 1 || n === scores.shape[before + i]))
    throw badArgument(
      name,
      `a mask for scores ${show(scores.shape)}, [queries, keys] at its end`,
      show(mask.shape),
    );
  return mask.dtype === "int32" ? where(mask, scores, masked) : scores.add(mask);
}
