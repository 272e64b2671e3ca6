import type { Init, Layer } from "@tenon/contracts";
import { badArgument, known, shown } from "@tenon/guards";
import { uniform } from "@tenon/init";
import { where, type Tensor } from "@tenon/tensor";
import { checkCount, checkInits, guarded, param } from "./internal/check.js";
import { describe } from "./internal/describe.js";

export interface EmbeddingOptions {
  /** Initial values of the table. @defaultValue uniform() */
  readonly tableInit?: Init;
  /**
   * A row for padding, which starts as zeros and has no gradient (PyTorch's `padding_idx`).
   * @defaultValue none
   */
  readonly paddingIndex?: number;
}

/**
 * Rows of a learned table, selected by index: y = table[x].
 *
 * `[…]` of int32 from 0 becomes `[…, size]`. Parameter: `table` [count, size]. The gradient of a
 * row that comes up often is the sum. Keras `Embedding`, whose table is `embeddings`; PyTorch
 * `Embedding`; `EmbeddingBag` is one followed by `globalAvgPool1d()`.
 *
 * Bengio et al. (2003), A neural probabilistic language model. JMLR 3
 *
 * @param count the number of rows
 * @param size the length of a row
 */
export function embedding(
  count: number,
  size: number,
  options: EmbeddingOptions = {},
): Layer<Tensor> {
  const { tableInit = uniform(), paddingIndex } = known(
    "embedding",
    options,
    "tableInit paddingIndex",
  );
  checkCount("embedding", "count", count);
  checkCount("embedding", "size", size);
  checkInits("embedding", { tableInit });
  if (
    paddingIndex !== undefined &&
    (!Number.isInteger(paddingIndex) || paddingIndex < 0 || paddingIndex >= count)
  )
    throw badArgument("embedding", `paddingIndex of a row, 0 to ${count - 1}`, shown(paddingIndex));
  const init: Init =
    paddingIndex === undefined
      ? tableInit
      : (shape, rng) =>
          tableInit(shape, rng).fill(0, paddingIndex * size, (paddingIndex + 1) * size);
  return guarded({
    type: "embedding",
    plan: (input) => ({
      output: [...input, size],
      params: { table: { shape: [count, size], init } },
      stats: {},
    }),
    forward(x, pass) {
      if (x.dtype !== "int32")
        throw badArgument("embedding", "int32 indices of rows", x.dtype, "cast them");
      const use = { by: "embedding", indices: "inputs", limit: "the number of rows" };
      const rows = param("embedding", pass, "table").gather(x, 0, use);
      return paddingIndex === undefined
        ? rows
        : where(x.equal(paddingIndex).expandDims(-1), rows.detach(), rows);
    },
    toJSON: () => describe("embedding", count, size, options),
  });
}
