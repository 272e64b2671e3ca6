import { i32, index, v128, type FunctionBuilder, type FunctionIndex, type Index, type Local, type ModuleBuilder } from "../../emit/index.js";
import { groupsOf, panelsPerGroup, type Panels } from "./panels.js";
import { tile, type Epilogue } from "./tile.js";

/** A product of many rows with panels of B. Distances in bytes. */
export interface Product {
  readonly panels: Panels;
  /** From one row of A to the next, from one k to the next. */
  readonly aRow: number;
  readonly aStep: number;
  readonly cRow: number;
  /** How many rows may be left after fours: numbers in 1 … 3. */
  readonly left: readonly number[];
  /** Whether rows of A that lie side by side (aRow = 4) are copied together before their tiles; the function then takes `packedRowsBytes(k)` of scratch. */
  readonly packA: boolean;
  readonly accumulate: boolean;
  readonly epilogue: Epilogue | undefined;
}

/** Sixteen rows side by side are a cache line: they are packed together, four by four. */
const stripsPerLine = 4;

/** Bytes for packed rows of A. */
export const packedRowsBytes = (k: number): number => stripsPerLine * 16 * k;

/**
 * Rows of A times panels of B: (c, a, b, rows, end of the full panels, whether the narrower panel follows, [scratch]) → ().
 * Four rows meet all panels before the next four: they stay in the nearest cache, the panels in the second.
 */
export function product(module: ModuleBuilder, spec: Product): FunctionIndex {
  const { panels, aRow, aStep, cRow, left, packA, accumulate, epilogue } = spec;
  const key = `product/${JSON.stringify([panels, aRow, aStep, cRow, left, packA, accumulate, epilogue?.key ?? ""])}`;
  const params = ["i32", "i32", "i32", "i32", "i32", "i32", ...(packA ? ["i32" as const] : [])] as const;
  return module.once(key, () => {
    const strip = (rows: number, columns: number, bStep: number): FunctionIndex =>
      tile(module, { rows, columns, bStep, aRow: packA ? 4 : aRow, aStep: packA ? 16 : aStep, cRow, accumulate, epilogue });
    return module.func(key, params, (f, ...given) => {
      const [c, a, b, rows, full, tail, scratch] = given as [Local<"i32">, Local<"i32">, Local<"i32">, Local<"i32">, Local<"i32">, Local<"i32">, Local<"i32"> | undefined];
      const to = f.local("i32"), panel = f.local("i32"), packed = f.local("i32"), ready = f.local("i32");

      /** The next four rows, packed, and those beside them if they are all there. */
      const nextStrip = (at: Local<"i32">): void => {
        const some = (strips: number): void => {
          f.call(packRows(module, panels.k, aStep, strips), at, a);
          f.set(packed, at);
          f.set(ready, i32.const(strips));
        };
        f.if(ready, () => f.bump(packed, 16 * panels.k), () => f.if(i32.gtS(rows, 4 * (stripsPerLine - 1)), () => some(stripsPerLine), () => some(1)));
        f.bump(ready, -1);
      };
      const someRows = (count: number): void => {
        if (scratch) nextStrip(scratch);
        const rowsOfA = scratch ? packed : a;
        f.set(to, c);
        f.set(panel, b);
        if (panels.full > 0) {
          const wide = strip(count, panels.width, panels.step);
          f.repeat((again, exit) => {
            f.jumpIf(i32.eq(panel, full), exit);
            f.call(wide, to, rowsOfA, panel, i32.add(panel, panels.k * panels.step));
            f.bump(to, 4 * panels.width);
            f.bump(panel, panels.next);
            f.jump(again);
          });
        }
        if (panels.tail > 0) {
          const narrow = strip(count, panels.tail, panels.tailStep);
          f.if(tail, () => f.call(narrow, to, rowsOfA, panel, i32.add(panel, panels.k * panels.tailStep)));
        }
      };

      f.repeat((again, exit) => {
        f.jumpIf(i32.ltS(rows, 4), exit);
        someRows(4);
        f.bump(c, 4 * cRow);
        f.bump(a, 4 * aRow);
        f.bump(rows, -4);
        f.jump(again);
      });
      for (const count of left) f.if(i32.eq(rows, count), () => someRows(count));
    });
  });
}

/** Copies strips of four rows together, k after k: (to, from) → (). */
function packRows(module: ModuleBuilder, k: number, aStep: number, strips: number): FunctionIndex {
  const key = `packRows/${strips}/${k}/${aStep}`;
  return module.once(key, () => module.func(key, ["i32", "i32"], (f, to, from) => {
    const i = f.local("i32");
    f.loop(i, 0, k, 1, () => {
      for (let strip = 0; strip < strips; strip++) f.store("v128", to!, v128.load(from!, 16 * strip), 16 * k * strip);
      f.bump(to!, 16);
      f.bump(from!, aStep);
    });
  }));
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
export function multiplyAll(module: ModuleBuilder, f: FunctionBuilder, spec: Product, { c, a, b, rows, scratch }: Operands): void {
  const { panels } = spec;
  const perGroup = panelsPerGroup(panels), groups = groupsOf(panels);
  const multiply = product(module, spec);
  const group = f.local("i32"), first = f.local("i32"), from = f.local("i32"), count = f.local("i32");
  f.loop(group, 0, groups, 1, () => {
    f.set(first, i32.mul(group, perGroup));
    f.set(count, i32.sub(panels.full, first));
    f.set(count, i32.select(i32.ltS(count, perGroup), count, index(perGroup)));
    f.set(from, i32.add(b, i32.mul(first, panels.next)));
    f.call(multiply, i32.add(c, i32.mul(first, 4 * panels.width)), a, from, rows, i32.add(from, i32.mul(count, panels.next)), i32.eq(group, groups - 1), ...(scratch === undefined ? [] : [scratch]));
  });
}
