import {
  i32,
  v128,
  type FunctionBuilder,
  type FunctionIndex,
  type Index,
  type Local,
  type ModuleBuilder,
} from "@tenon/emit";
import { panelsInGroup, type Panels } from "./panels.js";
import { longestRun } from "../shared/longestRun.js";
import { emitTile, tile, type Accumulate, type Tile } from "./tile.js";

/** A product of many rows with panels of B. Distances in bytes. */
export interface Product {
  readonly panels: Panels;
  /** From one row of A to the next, from one k to the next. */
  readonly aRow: number;
  readonly aStep: number;
  readonly cRow: number;
  /**
   * How many rows a call may have, for the remainder after fours; those of blocks of fours need no
   * mention.
   */
  readonly rows: readonly number[];
  /**
   * Whether rows of A that lie side by side (aRow = 4) are copied together before their tiles; the
   * function then takes `packedRowsBytes(k)` of scratch.
   */
  readonly packA: boolean;
  readonly accumulate: Accumulate;
}

/** Up to this k a call costs more than it gains, and tiles stand where they are used. */
const shortSums = 32;

/** Sixteen rows side by side are a cache line: they are packed together, four by four. */
const stripsPerLine = 4;

/** Bytes for packed rows of A. */
export const packedRowsBytes = (k: number): number => stripsPerLine * 16 * k;

/**
 * Rows of A times panels of B: (c, a, b, rows, end of the full panels, whether the narrower panel
 * follows, [scratch]) → (). Four rows meet all panels before the next four: they stay in the
 * nearest cache, the panels in the second.
 */
export function product(module: ModuleBuilder, spec: Product): FunctionIndex {
  const { panels, aRow, aStep, cRow, packA, accumulate } = spec;
  const rests = [...new Set(spec.rows.map((count) => count % 4))].filter((count) => count > 0);
  // One row alone would spend its time waiting for its own sums: it goes with the four before it,
  // if they are there.
  const five = !packA && spec.rows.some((count) => count % 4 === 1 && count > 4);
  const key = `product/${JSON.stringify([panels, aRow, aStep, cRow, rests, five, packA, accumulate])}`;
  const params = [
    "i32",
    "i32",
    "i32",
    "i32",
    "i32",
    "i32",
    ...(packA ? ["i32" as const] : []),
  ] as const;
  return module.once(key, () =>
    module.func(key, params, (f, ...given) => {
      const [c, a, b, rows, full, tail, scratch] = given as [
        Local<"i32">,
        Local<"i32">,
        Local<"i32">,
        Local<"i32">,
        Local<"i32">,
        Local<"i32">,
        Local<"i32"> | undefined,
      ];
      const to = f.local("i32");
      const panel = f.local("i32");
      const packed = f.local("i32");
      const ready = f.local("i32");

      /** The next four rows, packed, and those beside them if they are all there. */
      const nextStrip = (at: Local<"i32">): void => {
        const some = (strips: number): void => {
          f.call(packRows(module, panels.k, aStep, strips), at, a);
          f.set(packed, at);
          f.set(ready, i32.const(strips));
        };
        f.if(
          ready,
          () => f.bump(packed, 16 * panels.k),
          () =>
            f.if(
              i32.gtS(rows, 4 * (stripsPerLine - 1)),
              () => some(stripsPerLine),
              () => some(1),
            ),
        );
        f.bump(ready, -1);
      };
      /** One tile at `to`. */
      const multiply = (
        rowsOfA: Local<"i32">,
        count: number,
        columns: number,
        bStep: number,
      ): void => {
        const shape: Tile = {
          rows: count,
          columns,
          bStep,
          aRow: packA ? 4 : aRow,
          aStep: packA ? 16 : aStep,
          cRow,
          accumulate,
          long: panels.k > longestRun,
        };
        const last = i32.add(panel, panels.k * bStep);
        if (panels.k > shortSums) return f.call(tile(module, shape), to, rowsOfA, panel, last);
        emitTile(module, f, shape, {
          c: to,
          a: f.local("i32", rowsOfA),
          b: f.local("i32", panel),
          end: f.local("i32", last),
        });
      };
      const someRows = (count: number): void => {
        if (scratch) nextStrip(scratch);
        const rowsOfA = scratch ? packed : a;
        f.set(to, c);
        f.set(panel, b);
        if (panels.full > 0) {
          f.repeat((again, exit) => {
            f.jumpIf(i32.eq(panel, full), exit);
            multiply(rowsOfA, count, panels.width, panels.step);
            f.bump(to, 4 * panels.width);
            f.bump(panel, panels.next);
            f.jump(again);
          });
        }
        if (panels.tail > 0)
          f.if(tail, () => multiply(rowsOfA, count, panels.tail, panels.tailStep));
      };

      f.repeat((again, exit) => {
        f.jumpIf(i32.ltS(rows, 4), exit);
        if (five) f.jumpIf(i32.eq(rows, 5), exit);
        someRows(4);
        f.bump(c, 4 * cRow);
        f.bump(a, 4 * aRow);
        f.bump(rows, -4);
        f.jump(again);
      });
      if (five) f.if(i32.eq(rows, 5), () => someRows(5));
      for (const rest of rests) f.if(i32.eq(rows, rest), () => someRows(rest));
    }),
  );
}

/** Copies strips of four rows together, k after k: (to, from) → (). */
function packRows(module: ModuleBuilder, k: number, aStep: number, strips: number): FunctionIndex {
  const key = `packRows/${strips}/${k}/${aStep}`;
  return module.once(key, () =>
    module.func(key, ["i32", "i32"], (f, to, from) => {
      const i = f.local("i32");
      f.loop(i, 0, k, 1, () => {
        for (let strip = 0; strip < strips; strip++)
          f.store("v128", to!, v128.load(from!, 16 * strip), 16 * k * strip);
        f.bump(to!, 16);
        f.bump(from!, aStep);
      });
    }),
  );
}

export interface Operands {
  readonly c: Index;
  readonly a: Index;
  /** All panels, packed one after the other. */
  readonly b: Index;
  readonly rows: Index;
  readonly scratch?: Index;
}

/** Emits the product of rows with all packed panels, a group of them at a time. */
export function multiplyAll(
  module: ModuleBuilder,
  f: FunctionBuilder,
  spec: Product,
  { c, a, b, rows, scratch }: Operands,
): void {
  const { panels } = spec;
  const multiply = product(module, spec);
  const group = f.local("i32");
  const first = f.local("i32");
  const from = f.local("i32");
  const count = f.local("i32");
  f.loop(group, 0, panels.groups, 1, () => {
    f.set(first, i32.mul(group, panels.perGroup));
    f.set(count, panelsInGroup(panels, group));
    f.set(from, i32.add(b, i32.mul(first, panels.next)));
    f.call(
      multiply,
      i32.add(c, i32.mul(first, 4 * panels.width)),
      a,
      from,
      rows,
      i32.add(from, i32.mul(count, panels.next)),
      i32.eq(group, panels.groups - 1),
      ...(scratch === undefined ? [] : [scratch]),
    );
  });
}
