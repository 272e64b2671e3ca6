import { i32, v128, type FunctionIndex, type Local, type ModuleBuilder } from "../../emit/index.js";
import type { Panels } from "./panels.js";
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
  /** Whether each four rows of A, which lie side by side (aRow = 4), are copied together before their tiles; the function then takes `4·k` floats of scratch. */
  readonly packA: boolean;
  readonly accumulate: boolean;
  readonly epilogue: Epilogue | undefined;
}

/** Bytes for four packed rows of A. */
export const stripBytes = (k: number): number => 16 * k;

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
      const to = f.local("i32"), panel = f.local("i32"), i = f.local("i32"), from = f.local("i32");

      const someRows = (count: number): void => {
        if (scratch) {
          f.set(to, scratch);
          f.set(from, a);
          f.loop(i, 0, panels.k, 1, () => {
            f.store("v128", to, v128.load(from));
            f.bump(to, 16);
            f.bump(from, aStep);
          });
        }
        const rowsOfA = scratch ?? a;
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
