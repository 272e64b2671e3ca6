import {
  strided,
  type Address,
  type FunctionBuilder,
  type FunctionIndex,
  type I32,
  type Index,
  type Local,
  type ModuleBuilder,
} from "@tenon/emit";
import * as i32 from "@tenon/emit/i32";
import * as v128 from "@tenon/emit/v128";
import { panelsInGroup, type Panels } from "./panels.js";
import {
  emitRegisterTile,
  registerTile,
  type Accumulate,
  type RegisterTile,
} from "./registerTile.js";

/** A product of rows of A with panels of B. Strides in bytes. */
export interface Product {
  readonly panels: Panels;
  /** From one row of A to the next. */
  readonly aRowStride: number;
  /** From one k to the next in A. @defaultValue 4 */
  readonly aStride?: number;
  readonly cRowStride: number;
  /** The numbers of rows that a call may have, for those that remain after blocks of four. */
  readonly rows: readonly number[];
  /**
   * Whether rows of A that are contiguous for each k (aRowStride = 4) are packed before they are
   * multiplied; the function then takes `packedRowsBytes(k)` of scratch. @defaultValue false
   */
  readonly packA?: boolean;
  /** How many rows are multiplied at a time: a multiple of four, then four. @defaultValue [4] */
  readonly blocks?: readonly number[];
  /** @defaultValue "overwrite" */
  readonly accumulate?: Accumulate;
}

/** Up to this k a call costs more than it gains, and tiles are emitted inline (`bench/gemm`). */
const inlineK = 32;

/** Rows of A that are contiguous for each k are packed by cache lines: four strips of four rows. */
const stripsPerLine = 4;

/** Bytes of packed rows of A. */
export const packedRowsBytes = (k: number): number => stripsPerLine * 16 * k;

/** The parameters of a product, all moved by it. */
interface Args {
  readonly c: Local<"address">;
  readonly a: Local<"address">;
  readonly b: Local<"address">;
  readonly rows: Local<"i32">;
  readonly fullEnd: Local<"address">;
  readonly withTail: Local<"i32">;
  readonly scratch: Local<"address"> | undefined;
}

/**
 * Rows of A times panels of B: (c, a, b, rows, end of the full panels, whether the narrower panel
 * follows, [scratch]) → (). Four rows are multiplied with all panels before the next four: the rows
 * stay in L1, the panels in L2.
 */
export function product(module: ModuleBuilder, options: Product): FunctionIndex {
  const spec = {
    blocks: [4],
    aStride: 4,
    packA: false,
    accumulate: "overwrite",
    ...options,
  } as const;
  const { packA } = spec;
  const remainders = [...new Set(spec.rows.map((count) => count % 4))].filter((count) => count > 0);
  // One row alone would wait for each of its own sums: it is multiplied with the four before it.
  const five = !packA && spec.rows.some((count) => count % 4 === 1 && count > 4);
  const key = `product/${JSON.stringify([{ ...spec, rows: remainders }, five])}`;
  const params = {
    c: "address",
    a: "address",
    b: "address",
    rows: "i32",
    fullEnd: "address",
    withTail: "i32",
    scratch: packA ? "address" : undefined,
  } as const;
  return module.func(key, params, (f, args) => {
    const { c, a, rows } = args;
    const multiplyRows = rowsTimesPanels(module, f, spec, args);
    for (const size of spec.blocks)
      f.until(i32.ltS(rows, size), (exit) => {
        if (five) f.jumpIf(i32.eq(rows, 5), exit);
        multiplyRows(size);
        f.bump(c, size * spec.cRowStride);
        f.bump(a, size * spec.aRowStride);
        f.bump(rows, -size);
      });
    if (five) f.if(i32.eq(rows, 5), () => multiplyRows(5));
    for (const count of remainders) f.if(i32.eq(rows, count), () => multiplyRows(count));
  });
}

/** A function that emits the product of the next `count` rows with all panels. */
function rowsTimesPanels(
  module: ModuleBuilder,
  f: FunctionBuilder,
  spec: Required<Product>,
  { c, a, b, rows, fullEnd, withTail, scratch }: Args,
): (count: number) => void {
  const { panels, packA } = spec;
  const target = f.local("address");
  const panel = f.local("address");
  const strips = scratch && packedStrips(module, f, spec, { a, rows, scratch });
  const multiply = (count: number, columns: number, bStride: number): void => {
    const tile: RegisterTile = {
      rows: count,
      columns,
      bStride,
      aRowStride: packA ? 4 : spec.aRowStride,
      aStride: packA ? 16 : spec.aStride,
      cRowStride: spec.cRowStride,
      accumulate: spec.accumulate,
      k: panels.k,
    };
    const rowsOfA = strips?.packed ?? a;
    const end = i32.add(panel, panels.k * bStride);
    if (panels.k > inlineK) f.call(registerTile(module, tile), target, rowsOfA, panel, end);
    else
      emitRegisterTile(module, f, tile, {
        c: target,
        a: f.let(rowsOfA),
        b: f.let(panel),
        end: f.let(end),
      });
  };
  return (count) => {
    strips?.next();
    f.set(target, c);
    f.set(panel, b);
    if (panels.full > 0)
      f.until(i32.eq(panel, fullEnd), () => {
        multiply(count, panels.width, panels.kStride);
        f.bump(target, 4 * panels.width);
        f.bump(panel, panels.panelStride);
      });
    if (panels.tail > 0) f.if(withTail, () => multiply(count, panels.tail, panels.tailKStride));
  };
}

/** Packed rows of A: `next` emits the step to the next four rows, at `packed`. */
function packedStrips(
  module: ModuleBuilder,
  f: FunctionBuilder,
  { panels: { k }, aStride }: Required<Product>,
  { a, rows, scratch }: Pick<Args, "a" | "rows"> & { readonly scratch: Local<"address"> },
): { readonly packed: Local<"address">; next(): void } {
  const packed = f.local("address");
  const ready = f.local("i32");
  const packStrips = (strips: number): void => {
    f.call(stripPacker(module, k, aStride, strips), scratch, a);
    f.set(packed, scratch);
    f.set(ready, strips);
  };
  return {
    packed,
    next() {
      f.if(
        ready,
        () => f.bump(packed, 16 * k),
        () =>
          f.if(
            i32.gtS(rows, 4 * (stripsPerLine - 1)),
            () => packStrips(stripsPerLine),
            () => packStrips(1),
          ),
      );
      f.bump(ready, -1);
    },
  };
}

/** A function that copies strips of four rows to contiguous memory, k after k: (to, from) → (). */
function stripPacker(
  module: ModuleBuilder,
  k: number,
  aStride: number,
  strips: number,
): FunctionIndex {
  const key = `packRows/${strips}/${k}/${aStride}`;
  return module.func(key, { to: "address", from: "address" }, (f, { to, from }) =>
    f.for(0, k, 1, () => {
      for (let strip = 0; strip < strips; strip++)
        f.store("v128", to, v128.load(from, 16 * strip), 16 * k * strip);
      f.bump(to, 16);
      f.bump(from, aStride);
    }),
  );
}

/** A group of panels: its first panel, how many are full, whether the narrower one follows. */
export interface PanelGroup {
  readonly firstPanel: Local<"i32">;
  readonly count: Local<"i32">;
  readonly withTail: I32;
}

export const panelGroup = (f: FunctionBuilder, panels: Panels, group: I32): PanelGroup => ({
  firstPanel: f.let(i32.mul(group, panels.panelsPerGroup)),
  count: f.let(panelsInGroup(panels, group)),
  withTail: f.let(i32.eq(group, panels.groups - 1)),
});

/**
 * Emits the product of rows with a group of panels, which is at `b`; `c` is at the first column.
 */
export function multiplyGroup(
  module: ModuleBuilder,
  f: FunctionBuilder,
  spec: Product,
  { firstPanel, count, withTail }: PanelGroup,
  { c, a, b, rows, scratch }: ProductOperands,
): void {
  const { width, panelStride } = spec.panels;
  f.call(
    product(module, spec),
    strided(c, firstPanel, 4 * width),
    a,
    b,
    rows,
    strided(b, count, panelStride),
    withTail,
    ...(scratch === undefined ? [] : [scratch]),
  );
}

export interface ProductOperands {
  readonly c: Address;
  readonly a: Address;
  /** The panels. */
  readonly b: Address;
  readonly rows: Index;
  readonly scratch?: Address;
}

/** Emits the product of rows with all packed panels, one group of panels after the other. */
export function multiplyAll(
  module: ModuleBuilder,
  f: FunctionBuilder,
  spec: Product,
  operands: ProductOperands,
): void {
  const { panels } = spec;
  f.for(0, panels.groups, 1, (index) => {
    const group = panelGroup(f, panels, index);
    const b = f.let(strided(operands.b, group.firstPanel, panels.panelStride));
    multiplyGroup(module, f, spec, group, { ...operands, b });
  });
}
