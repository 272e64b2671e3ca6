import type { GemmSpec } from "@tenon/plan";
import { l2Bytes } from "../../machine.js";
import { longestSegment } from "../shared/sumOrder.js";
import { nonzeroBytes } from "./nonzeroLists.js";
import { sparseLayout } from "./sparseLayout.js";
import { sparseLists } from "./sparseLists.js";
import { sparseProduct } from "./sparseProduct.js";
import type { Stages } from "../kernel.js";

/** Lists take up to 32 MB (`bench/zeros`). */
const maxElementsOfA = 2 ** 22;
/** A B that is four times as large as L2, or larger, pays only for many rows (`bench/zeros`). */
const maxElementsOfB = l2Bytes;
const manyRows = 512;

/**
 * Whether it may pay to look for zeros of A: there are enough rows, columns and products to pay for
 * the search.
 */
export function sparseGemmFits({ m, n, k, batch = 1 }: GemmSpec): boolean {
  return (
    batch === 1 &&
    m >= 16 &&
    n >= 64 &&
    k >= 32 &&
    k <= longestSegment &&
    m * k <= maxElementsOfA &&
    (k * n <= maxElementsOfB || m >= manyRows)
  );
}

/**
 * The same product as `gemm`, bit for bit, that leaves out the zeros of A where they are many, as
 * in images of digits, in activations after a ReLU or dropout, in one-hot rows. A sum does not
 * change when 0 · b is added to it, unless b is not finite: then, and where zeros are few, rows are
 * multiplied as usual. (With relaxed SIMD a sum may be −0, which 0 · b would make 0.) Operands: 0
 * C, 1 A, 2 B; temporaries: 3 the lists of A's nonzero values, 4 their ends.
 */
export function sparseGemm(spec: GemmSpec): Stages {
  const { m, k } = spec;
  const layout = sparseLayout(spec);
  return {
    temporaries: [nonzeroBytes * m * k, 4 * (m * layout.cuts + layout.blocks)],
    stages: [
      { kernel: sparseLists(spec, layout), operands: [3, 4, 1] },
      { kernel: sparseProduct(spec, layout), operands: [0, 1, 2, 3, 4] },
    ],
  };
}
