import {
  i32,
  index,
  v128,
  type TargetFeatures,
  type FunctionBuilder,
  type FunctionIndex,
  type I32,
  type Index,
  type ModuleBuilder,
} from "@tenon/emit";

/**
 * How B lies for the tiles: panels of `width` columns, then one narrower panel if columns are left.
 * Distances in bytes.
 */
export interface Panels {
  readonly k: number;
  readonly width: number;
  /** Panels of full width. */
  readonly full: number;
  /** Columns of the last, narrower panel; 0 if there is none. */
  readonly tail: number;
  /** From one k to the next in a full panel. */
  readonly step: number;
  /** From one k to the next in the narrower panel. */
  readonly tailStep: number;
  /** From one panel to the next. */
  readonly next: number;
  /**
   * Groups of panels that pass together under the rows, and how many are in each but the last,
   * which has the rest.
   */
  readonly groups: number;
  readonly perGroup: number;
}

/**
 * How a matrix [k, n] lies in a larger memory: row-major with `stride` bytes between rows, or
 * transposed, as [n, k].
 */
export interface Source {
  readonly transposed: boolean;
  readonly stride: number;
}

const vectorBytes = (columns: number): number => 16 * Math.ceil(columns / 4);

/** Columns of a tile: as many as the registers hold sums for, in vectors of 128 or of 256 bits. */
const narrow = 8;
const wide = 16;
export const tileWidth = (features: TargetFeatures): number =>
  features.vectors256 ? wide : narrow;

/** Panels of one group stay in the second cache while rows pass by. */
const groupBytes = 256 * 1024;
const groupColumns = 64;

/**
 * Columns of a group of panels of at most `width`. A multiple of the wide tile's, so that how work
 * is cut does not depend on the target features.
 */
export const columnsTogether = (k: number, width: number = wide): number =>
  Math.max(width, Math.min(groupColumns, wide * Math.floor(groupBytes / (4 * wide * k))));

/** Panels copied together, so that a tile reads them from first to last byte. */
export function packedPanels(n: number, k: number, features: TargetFeatures): Panels {
  const width = tileWidth(features);
  const full = Math.floor(n / width);
  const tail = n % width;
  const step = 4 * width;
  return {
    k,
    width,
    full,
    tail,
    step,
    tailStep: vectorBytes(tail),
    next: k * step,
    groups: groupsOf(n, k),
    perGroup: columnsTogether(k) / width,
  };
}

/** Bytes of all panels, and what packing may write past their end. */
export const panelBytes = (n: number, k: number): number => k * vectorBytes(n) + slack;
const slack = 4 * 4 * wide;

/**
 * Panels read from a row-major B where it lies, with `stride` bytes between rows; for few rows or
 * few columns.
 */
export function panelsInPlace(n: number, k: number, width: number, stride: number): Panels {
  const least = Math.max(wide, width);
  return {
    k,
    width,
    full: Math.floor(n / width),
    tail: n % width,
    step: stride,
    tailStep: stride,
    next: 4 * width,
    groups: groupsOf(n, k, least),
    perGroup: columnsTogether(k, least) / width,
  };
}

/** How many groups n columns are. Less than a wide tile is no group of its own. */
export const groupsOf = (n: number, k: number, width?: number): number =>
  Math.max(1, Math.ceil((n - (n % wide)) / columnsTogether(k, width)));

/** How many full panels a group has. */
export const panelsInGroup = ({ full, groups, perGroup }: Panels, group: I32): I32 =>
  i32.select(i32.eq(group, groups - 1), i32.sub(full, i32.mul(group, perGroup)), index(perGroup));

/** Bytes that the largest group takes when it is packed. */
export const groupBytesOf = (n: number, k: number): number =>
  panelBytes(Math.min(n, columnsTogether(k) + wide - 1), k);

/**
 * Copies one panel of `columns` columns together: (to, from) → (). It may write up to three steps
 * past the panel's end.
 */
function packer(
  module: ModuleBuilder,
  columns: number,
  k: number,
  { transposed, stride }: Source,
): FunctionIndex {
  const key = `pack/${columns}x${k}/${transposed ? "t" : "n"}${stride}`;
  const step = vectorBytes(columns);
  return module.once(key, () =>
    module.func(key, ["i32", "i32"], (f, to, from) => {
      const i = f.local("i32");
      if (!transposed) {
        f.loop(i, 0, k, 1, () => {
          for (let at = 0; at < step; at += 16) f.store("v128", to, v128.load(from, at), at);
          f.bump(to, step);
          f.bump(from, stride);
        });
        return;
      }
      // Four columns by four k at a time, transposed in registers. Columns that are not there
      // repeat the last one.
      const rows = [0, 1, 2, 3].map(() => f.local("v128"));
      const [a, b, c, d] = [0, 1, 2, 3].map(() => f.local("v128")) as [
        (typeof rows)[0],
        (typeof rows)[0],
        (typeof rows)[0],
        (typeof rows)[0],
      ];
      f.loop(i, 0, k, 4, () => {
        for (let column = 0; column < step / 4; column += 4) {
          rows.forEach((row, q) =>
            f.set(row, v128.load(from, Math.min(column + q, columns - 1) * stride)),
          );
          f.set(a, v128.shuffle32(rows[0]!, rows[1]!, [0, 4, 1, 5]));
          f.set(b, v128.shuffle32(rows[2]!, rows[3]!, [0, 4, 1, 5]));
          f.set(c, v128.shuffle32(rows[0]!, rows[1]!, [2, 6, 3, 7]));
          f.set(d, v128.shuffle32(rows[2]!, rows[3]!, [2, 6, 3, 7]));
          f.store("v128", to, v128.shuffle32(a, b, [0, 1, 4, 5]), 4 * column);
          f.store("v128", to, v128.shuffle32(a, b, [2, 3, 6, 7]), 4 * column + step);
          f.store("v128", to, v128.shuffle32(c, d, [0, 1, 4, 5]), 4 * column + 2 * step);
          f.store("v128", to, v128.shuffle32(c, d, [2, 3, 6, 7]), 4 * column + 3 * step);
        }
        f.bump(to, 4 * step);
        f.bump(from, 16);
      });
    }),
  );
}

/**
 * Emits the packing of `count` full panels and, if `withTail`, the narrower one, from where B lies
 * to one after the other.
 */
export function pack(
  module: ModuleBuilder,
  f: FunctionBuilder,
  panels: Panels,
  source: Source,
  to: Index,
  from: Index,
  count: Index,
  withTail: Index,
): void {
  const at = f.local("i32", i32.add(to, 0));
  const column = f.local("i32", i32.add(from, 0));
  const i = f.local("i32");
  const perColumn = source.transposed ? source.stride : 4;
  if (panels.full > 0) {
    const one = packer(module, panels.width, panels.k, source);
    f.loop(i, 0, count, 1, () => {
      f.call(one, at, column);
      f.bump(at, panels.next);
      f.bump(column, panels.width * perColumn);
    });
  }
  if (panels.tail > 0) {
    const last = packer(module, panels.tail, panels.k, source);
    f.if(withTail, () => f.call(last, at, column));
  }
}
