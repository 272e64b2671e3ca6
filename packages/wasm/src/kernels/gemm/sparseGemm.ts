import { blockingOf, type GemmSpec } from "./gemm.js";
import { l2Bytes } from "../../machine.js";
import { longestSegment } from "../shared/sumOrder.js";
import { nonzeroBytes } from "./nonzeroLists.js";
import { sparseLists } from "./sparseLists.js";
import { sparseProduct } from "./sparseProduct.js";
import type { Stages } from "../kernel.js";

/** Lists take up to 32 MB (`bench/zeros`). */
const maxElementsOfA = 2 ** 22;
/** A B that is four times as large as L2, or larger, pays only for many rows (`bench/zeros`). */
const maxElementsOfB = l2Bytes;
const manyRows = 512;

/**
 * Whether it may pay to look for zeros of A: rows of B are contiguous, and there are enough of them
 * to pay for the search.
 */
export function sparseGemmFits({ m, n, k, batch = 1, transposeB }: GemmSpec): boolean {
  return (
    batch === 1 &&
    !transposeB &&
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
  const blocking = blockingOf(spec);
  return {
    temporaries: [nonzeroBytes * m * k, 4 * (m + blocking.blocks + blocking.groups)],
    stages: [
      { kernel: sparseLists(spec, blocking), operands: [3, 4, 1, 2] },
      { kernel: sparseProduct(spec, blocking), operands: [0, 1, 2, 3, 4] },
    ],
  };
}
