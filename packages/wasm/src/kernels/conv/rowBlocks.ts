import type { Panels } from "../gemm/panels.js";

/**
 * How many rows are multiplied at a time with panels of at most half of a tile's columns: the few
 * sums of four rows would wait for themselves. Chosen by `bench/conv`.
 */
export const rowBlocks = ({ full, tail, width }: Panels): readonly number[] =>
  full > 0 || 2 * tail > width ? [4] : [8, 4];
