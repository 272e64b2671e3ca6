import { strided, type Address, type I32 } from "@tenon/emit";
import * as i32 from "@tenon/emit/i32";
import type { GemmSpec } from "@tenon/plan";
import { l1Bytes } from "../../machine.js";
import { blockingOf, type Blocking } from "./gemm.js";
import { partOf } from "./longGemm.js";

/** About as many bytes of rows of B stay in L1, next to lists and rows of C (`bench/zeros`). */
const bytesPerCut = (3 / 4) * l1Bytes;

/** How a sparse product is divided. */
export interface SparseLayout extends Blocking {
  /** Columns of the last group. */
  readonly lastColumns: number;
  /** Bytes from one packed row of B to the next. */
  readonly rowBytes: number;
  /** The list of a row of A is cut where this many rows of B end, which stay in L1. */
  readonly rowsPerCut: number;
  readonly cuts: number;
}

export function sparseLayout(spec: GemmSpec): SparseLayout {
  const { n, k } = spec;
  const blocking = blockingOf(partOf(spec)); // as rows with few zeros are multiplied
  const columnsPerGroup = Math.min(n, blocking.columnsPerGroup);
  const lastColumns = n - columnsPerGroup * (blocking.groups - 1);
  const rowBytes = 16 * Math.ceil(Math.max(columnsPerGroup, lastColumns) / 4);
  const cutsWanted = Math.max(1, Math.round((k * rowBytes) / bytesPerCut));
  const rowsPerCut = Math.min(k, 16 * Math.ceil(k / (16 * cutsWanted)));
  const cuts = Math.ceil(k / rowsPerCut);
  return { ...blocking, columnsPerGroup, lastColumns, rowBytes, rowsPerCut, cuts };
}

export const sparseName = ({ m, n, k, transposeA }: GemmSpec): string =>
  `${m}x${n}x${k}/${transposeA ? "t" : "n"}`;

/**
 * A flag that says whether a block of rows is multiplied as usual: its address, given that of the
 * ends of the lists.
 */
export const blockFlag = (
  { m }: GemmSpec,
  { cuts }: SparseLayout,
  ends: Address,
  block: I32,
): Address => strided(ends, i32.add(block, m * cuts), 4);
