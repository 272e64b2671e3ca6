import type { Init, Layer } from "@tenon/contracts";
import { badArgument, known } from "@tenon/guards";
import { uniform } from "@tenon/init";
import type { Tensor } from "@tenon/tensor";
import { checkCount, checkInits, guarded, param } from "./internal/check.js";
import { describe } from "./internal/describe.js";

export interface EmbeddingOptions {
  /** Initial values of the table. @defaultValue uniform() */
  readonly tableInit?: Init;
}

/**
 * Rows of a learned table, selected by index: y = table[x].
 *
 * `[…]` of int32 from 0 becomes `[…, size]`. Parameter: `table` [count, size]. The gradient of a
 * row that comes up often is the sum.
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
  const { tableInit = uniform() } = known("embedding", options, "tableInit");
  checkCount("embedding", "count", count);
  checkCount("embedding", "size", size);
  checkInits("embedding", { tableInit });
  return guarded({
    type: "embedding",
    plan: (input) => ({
      output: [...input, size],
      params: { table: { shape: [count, size], init: tableInit } },
      stats: {},
    }),
    forward(x, pass) {
      if (x.dtype !== "int32")
        throw badArgument("embedding", "int32 indices of rows", x.dtype, "cast them");
      return param("embedding", pass, "table").gather(x);
    },
    toJSON: () => describe("embedding", count, size, options),
  });
}
