import type {
  Address,
  FunctionBuilder,
  I32,
  Index,
  ModuleBuilder,
  TargetFeatures,
} from "@tenon/emit";
import * as i32 from "@tenon/emit/i32";
import { l2Bytes } from "../../machine.js";
import { packer, type MatrixLayout } from "./packer.js";

/**
 * How register tiles read B[k, n]: in panels of `width` columns, then one narrower panel if columns
 * remain. Strides in bytes.
 */
export interface Panels {
  readonly k: number;
  readonly width: number;
  /** The number of panels of full width. */
  readonly full: number;
  /** Columns of the last, narrower panel; 0 if there is none. */
  readonly tail: number;
  /** From one k to the next in a full panel. */
  readonly kStride: number;
  /** From one k to the next in the narrower panel. */
  readonly tailKStride: number;
  /** From one panel to the next. */
  readonly panelStride: number;
  /**
   * Groups of panels that are multiplied with all rows before the next group, and the panels of
   * each group; the last group has the rest.
   */
  readonly groups: number;
  readonly panelsPerGroup: number;
}

/** Bytes of a row of a packed panel: whole vectors. */
const vectorBytes = (columns: number): number => 16 * Math.ceil(columns / 4);

/** Columns of a register tile: as many as the registers hold sums for. */
const columns128 = 8;
const columns256 = 16;
export const tileWidth = ({ vectors256 }: TargetFeatures): number =>
  vectors256 ? columns256 : columns128;

/** The panels of one group stay in L2, next to rows of A and C, for all rows (`bench/gemm`). */
const groupBytes = l2Bytes / 2;
const maxGroupColumns = 64;

/**
 * Columns of a group of panels of at most `width` columns. A multiple of the widest tile, so that
 * the work items do not depend on the target's features.
 */
export const columnsPerGroup = (k: number, width: number = columns256): number =>
  Math.max(
    width,
    Math.min(maxGroupColumns, columns256 * Math.floor(groupBytes / (4 * columns256 * k))),
  );

/** Panels that are packed one after the other, so that a tile reads contiguous bytes. */
export function packedPanels(n: number, k: number, features: TargetFeatures): Panels {
  const width = tileWidth(features);
  const kStride = 4 * width;
  const tail = n % width;
  return {
    k,
    width,
    full: Math.floor(n / width),
    tail,
    kStride,
    tailKStride: vectorBytes(tail),
    panelStride: k * kStride,
    groups: groupsOf(n, k),
    panelsPerGroup: columnsPerGroup(k) / width,
  };
}

/** Bytes of all packed panels, and of what packing may write past their end. */
export const panelBytes = (n: number, k: number): number => k * vectorBytes(n) + slack;
const slack = 4 * 4 * columns256;

/** Panels that are read where B is: row-major, with `stride` bytes between rows. */
export function panelsInPlace(n: number, k: number, width: number, stride: number): Panels {
  const groupWidth = Math.max(columns256, width);
  return {
    k,
    width,
    full: Math.floor(n / width),
    tail: n % width,
    kStride: stride,
    tailKStride: stride,
    panelStride: 4 * width,
    groups: groupsOf(n, k, groupWidth),
    panelsPerGroup: columnsPerGroup(k, groupWidth) / width,
  };
}

/** The number of groups of n columns. Less than the widest tile is no group of its own. */
export const groupsOf = (n: number, k: number, width?: number): number =>
  Math.max(1, Math.ceil((n - (n % columns256)) / columnsPerGroup(k, width)));

/** The number of full panels in a group. */
export const panelsInGroup = ({ full, groups, panelsPerGroup }: Panels, group: I32): I32 =>
  i32.select(
    i32.eq(group, groups - 1),
    i32.sub(full, i32.mul(group, panelsPerGroup)),
    panelsPerGroup,
  );

/** Bytes of the largest group when it is packed. */
export const packedGroupBytes = (n: number, k: number): number =>
  panelBytes(Math.min(n, columnsPerGroup(k) + columns256 - 1), k);

/** What is packed: `count` full panels and, if `withTail`, the narrower one. */
export interface Packing {
  readonly layout: MatrixLayout;
  readonly to: Address;
  readonly from: Address;
  readonly count: Index;
  readonly withTail: Index;
}

/** Emits the packing of panels, one after the other. */
export function pack(
  module: ModuleBuilder,
  f: FunctionBuilder,
  panels: Panels,
  { layout, to, from, count, withTail }: Packing,
): void {
  const target = f.let(to);
  const column = f.let(from);
  const columnStride = layout.transposed ? layout.stride : 4;
  if (panels.full > 0) {
    const packFull = packer(module, panels.width, panels.k, layout);
    f.for(0, count, 1, () => {
      f.call(packFull, target, column);
      f.bump(target, panels.panelStride);
      f.bump(column, panels.width * columnStride);
    });
  }
  if (panels.tail > 0) {
    const packTail = packer(module, panels.tail, panels.k, layout);
    f.if(withTail, () => f.call(packTail, target, column));
  }
}
