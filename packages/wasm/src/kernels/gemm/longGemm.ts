import { strided, type Address } from "@tenon/emit";
import type { GemmSpec } from "@tenon/plan";
import { l1Bytes } from "../../machine.js";
import type { Kernel } from "../kernel.js";
import { kernelOf } from "../shared/kernelOf.js";
import { prefetch } from "../shared/prefetch.js";
import { longestSegment } from "../shared/sumOrder.js";
import { gemm, gemmKey, swapped, turned } from "./gemm.js";

/**
 * With more products in a sum a panel of B does not stay in L1 next to rows of A and C
 * (`bench/gemm`).
 */
const mostK = l1Bytes / 256;

/** Into how many parts of one length sums of Aᵀ · B are cut; 1 if they are not, or cannot be. */
function partsOf({ m, n, k, batch = 1, transposeA, transposeB }: GemmSpec): number {
  const isCut = batch === 1 && m * n > 0 && transposeA && !transposeB && k <= longestSegment;
  const least = Math.ceil(k / mostK);
  const counts = Array.from({ length: isCut ? least + 1 : 0 }, (_, i) => least + i);
  return counts.find((count) => k % count === 0) ?? 1;
}

/** Whether it is Aᵀ · B with sums so long that they are faster in parts. */
export const longGemmFits = (spec: GemmSpec): boolean => partsOf(spec) > 1;

/** One of the parts; the whole if there are none. Work items are those of a part. */
export const partOf = (spec: GemmSpec): GemmSpec => ({ ...spec, k: spec.k / partsOf(spec) });

/**
 * Aᵀ · B as one product after the other of some rows of both, which go on with the same sums: the
 * bits are those of `gemm`.
 */
export function longGemm(spec: GemmSpec): Kernel {
  const key = gemmKey(spec);
  if (spec.n === 1 && spec.m > 1) return swapped(key, longGemm(turned(spec)));
  const part = partOf(spec);
  const { k } = part;
  const parts = spec.k / k;
  const [first, next] = [false, true].map((continued) => gemm(part, continued)) as [Kernel, Kernel];
  return kernelOf(
    { ...first, key, flops: parts * first.flops, pointers: 3 },
    (f, [c, a, b], { begin, end }, module, scratch) => {
      const own = first.scratch > 0 ? [scratch] : [];
      const multiply = (kernel: Kernel, ...rows: readonly Address[]): void => {
        [spec.m, spec.n].forEach((n, i) => prefetch(f, rows[i]!, 4 * k * n));
        f.call(kernel.emit(module), c, ...rows, ...own, begin, end);
      };
      multiply(first, a, b);
      f.for(1, parts, 1, (part) =>
        multiply(next, strided(a, part, 4 * k * spec.m), strided(b, part, 4 * k * spec.n)),
      );
    },
  );
}

/** The faster of both. */
export const denseGemm = (spec: GemmSpec): Kernel =>
  longGemmFits(spec) ? longGemm(spec) : gemm(spec);
