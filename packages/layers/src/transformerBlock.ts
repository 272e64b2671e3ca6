import type { Init, Layer } from "@tenon/contracts";
import { badArgument, known } from "@tenon/guards";
import type { Tensor } from "@tenon/tensor";
import { dense } from "./dense.js";
import { dropout as dropoutLayer } from "./dropout.js";
import { gelu } from "./gelu.js";
import {
  checkBetween,
  checkCount,
  checkFlags,
  checkLayer,
  guarded,
  inNameOf,
  show,
} from "./internal/check.js";
import { describe } from "./internal/describe.js";
import { layerNorm } from "./layerNorm.js";
import { multiHeadAttention } from "./multiHeadAttention.js";
import { residual } from "./residual.js";
import { sequential } from "./sequential.js";

export interface TransformerBlockOptions {
  /** The units between the two dense layers. @defaultValue 4 · size */
  readonly hidden?: number;
  /** Whether place i sees places 0 … i only. @defaultValue false */
  readonly causal?: boolean;
  /** The base of rotary positions in the attention. @defaultValue none */
  readonly rotary?: number;
  /**
   * The fraction dropped, while training, of attention's weights and of what each part adds.
   * @defaultValue 0
   */
  readonly dropout?: number;
  /**
   * Whether each part normalizes its input, x + F(norm(x)), or the sum, norm(x + F(x)), as in the
   * paper of 2017 and by default in PyTorch. @defaultValue true
   */
  readonly normFirst?: boolean;
  /** The layer between the two dense layers. @defaultValue gelu() */
  readonly activation?: Layer<Tensor>;
  /** That of the layer norms. @defaultValue 1e-5, as in PyTorch */
  readonly epsilon?: number;
  /** Initial values of all kernels. @defaultValue glorotUniform() */
  readonly kernelInit?: Init;
}

/**
 * Attention, then two dense layers at each place, both added to what they read: x ← x +
 * attention(norm(x)), y = x + W₂ gelu(W₁ norm(x) + b₁) + b₂.
 *
 * A sequence [places, size] stays so. Its parts are those of `sequential(residual(…),
 * residual(…))`. PyTorch: `torch.nn.TransformerEncoderLayer`, which has relu.
 *
 * Vaswani et al. (2017), Attention is all you need, section 3.1. arXiv:1706.03762; the norm first:
 * Xiong et al. (2020), On layer normalization in the transformer architecture. arXiv:2002.04745
 *
 * @param size of each place's vector
 */
export function transformerBlock(
  size: number,
  heads: number,
  options: TransformerBlockOptions = {},
): Layer<Tensor> {
  const type = "transformerBlock";
  const {
    hidden,
    dropout = 0,
    normFirst = true,
    activation = gelu(),
    epsilon = 1e-5,
    kernelInit,
    ...attention
  } = known(type, options, "hidden causal rotary dropout normFirst activation epsilon kernelInit");
  checkCount(type, "size", size);
  checkCount(type, "heads", heads);
  checkBetween(type, "dropout", dropout, 0, 1);
  if (hidden !== undefined) checkCount(type, "hidden", hidden);
  checkFlags(type, { normFirst });
  checkLayer(type, activation, " as activation");
  const init = kernelInit !== undefined && { kernelInit };
  const block = inNameOf(type, () => {
    const drop = dropout === 0 ? [] : [dropoutLayer(dropout)];
    const norm = layerNorm({ epsilon });
    const part = (...layers: readonly Layer<Tensor>[]): Layer<Tensor>[] =>
      normFirst ? [residual([norm, ...layers, ...drop])] : [residual([...layers, ...drop]), norm];
    const inner = dense(hidden ?? 4 * size, { ...init });
    return sequential(
      ...part(multiHeadAttention(heads, { ...attention, dropout, ...init })),
      ...part(inner, activation, ...drop, dense(size, { ...init })),
    );
  });
  return guarded({
    type,
    plan(input) {
      if (input.length !== 2 || input[1] !== size)
        throw badArgument(type, `a sequence [places, ${size}]`, show(input));
      return block.plan(input);
    },
    forward: (x, pass) => block.forward(x, pass),
    toJSON: () => describe(type, size, heads, options),
  });
}
