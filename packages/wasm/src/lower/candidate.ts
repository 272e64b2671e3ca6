import type { Candidate } from "@tenon/plan";
import type { Kernel } from "../kernels/kernel.js";

/** The candidates of each operation, in the order in which they are tried. */
export type KernelTable = Readonly<Record<string, readonly Candidate<Kernel>[]>>;
