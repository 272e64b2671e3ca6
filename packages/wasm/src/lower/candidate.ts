import type { Candidate, Node } from "@tenon/plan";
import type { Kernel, Stages } from "../kernels/kernel.js";

/** The candidates of each operation, in the order in which they are tried. */
export type KernelTable = Readonly<Record<string, readonly Candidate<Kernel>[]>>;

/** A kernel, or kernels in a row, made from a description of the node, where it fits. */
export const by = <D>(
  describe: (x: Node) => D,
  make: (description: D) => Kernel | Stages,
  fits: (description: D, x: Node) => boolean = () => true,
): Candidate<Kernel> => ({
  fits: (x) => fits(describe(x), x),
  make: (x) => ({ kernel: make(describe(x)) }),
});
