import {
  f32x4,
  i32,
  v128,
  type FunctionBuilder,
  type FunctionIndex,
  type Local,
  type ModuleBuilder,
  type V128,
} from "@tenon/emit";
import { run, runsTogether } from "../shared/longestRun.js";
import { multiplyAdd } from "./multiplyAdd.js";
import { storeLanes } from "../shared/segment.js";

export type Accumulate = boolean | "apart";

/**
 * How a small rectangle of C = A·B lies in memory. All distances are bytes and known when the code
 * is made.
 */
export interface Tile {
  readonly rows: number;
  readonly columns: number;
  /** From one row of A to the next. */
  readonly aRow: number;
  /** From one k to the next in A. */
  readonly aStep: number;
  /** From one k to the next in B; the columns of a tile lie side by side. */
  readonly bStep: number;
  /** From one row of C to the next. */
  readonly cRow: number;
  /**
   * Whether sums start from what C holds and not from zero; `"apart"`: from zero, and are added to
   * what C holds at the end.
   */
  readonly accumulate: Accumulate;
  /** Whether sums are so long that they are cut into runs. */
  readonly long: boolean;
}

/** Two steps of k per turn; more gains nothing. */
const unroll = 2;

/** The innermost function of every product, (c, a, b, end of b) → (): see `emitTile`. */
export function tile(module: ModuleBuilder, spec: Tile): FunctionIndex {
  const { rows, columns, aRow, aStep, bStep, cRow, accumulate, long } = spec;
  const key = `tile/${rows}x${columns}/${aRow},${aStep}/${bStep}/${cRow}${accumulate ? `/accumulate ${accumulate}` : ""}${long ? "/long" : ""}`;
  return module.once(key, () =>
    module.func(key, ["i32", "i32", "i32", "i32"], (f, ...given) => {
      const [c, a, b, end] = given as [Local<"i32">, Local<"i32">, Local<"i32">, Local<"i32">];
      emitTile(module, f, spec, { c, a, b, end });
    }),
  );
}

/** Addresses; those of A and B move. */
export interface TileAddresses {
  readonly c: Local<"i32">;
  readonly a: Local<"i32">;
  readonly b: Local<"i32">;
  /** Where B ends; k is at least 1. */
  readonly end: Local<"i32">;
}

/**
 * Emits a tile's product. All sums stay in registers while k runs, so 4 × 8 is as large as a tile
 * may be: 8 sums, 2 vectors of B, one number of A and a temporary fit into the 15 registers that V8
 * gives out; 4 × 16 where they have 256 bits. Each sum is added up in the order of k, a long one in
 * runs (see `longestRun`).
 */
export function emitTile(
  module: ModuleBuilder,
  f: FunctionBuilder,
  { rows, columns, aRow, aStep, bStep, cRow, accumulate, long }: Tile,
  { c, a, b, end }: TileAddresses,
): void {
  const vectors = Math.ceil(columns / 4);
  const each = (visit: (row: number, vector: number) => void): void => {
    for (let r = 0; r < rows; r++) for (let v = 0; v < vectors; v++) visit(r, v);
  };
  const sums: Local<"v128">[][] = Array.from({ length: rows }, () =>
    Array.from({ length: vectors }, () => f.local("v128")),
  );
  each((r, v) =>
    f.set(sums[r]![v]!, accumulate === true ? v128.load(c, r * cRow + 16 * v) : f32x4.const(0)),
  );

  const kept = Array.from({ length: rows > 1 ? vectors : 0 }, () => f.local("v128"));
  const one = f.local("v128");
  /** Adds products until B is at an address. */
  const addUntil = (until: Local<"i32">): void =>
    f.repeat((again, exit) => {
      for (let turn = 0; turn < unroll; turn++) {
        const fromB = (v: number): V128 => v128.load(b, turn * bStep + 16 * v);
        kept.forEach((local, v) => f.set(local, fromB(v)));
        for (let r = 0; r < rows; r++) {
          f.set(one, v128.loadSplat(a, turn * aStep + r * aRow));
          sums[r]!.forEach((sum, v) =>
            f.set(sum, multiplyAdd(module, sum, one, kept[v] ?? fromB(v))),
          );
        }
        // The test also starts a new basic block. Without it, V8 before version 13 loads the A of
        // all turns at once and runs out of registers.
        if (turn < unroll - 1) f.jumpIf(i32.eq(i32.add(b, (turn + 1) * bStep), until), exit);
      }
      f.bump(a, unroll * aStep);
      f.bump(b, unroll * bStep);
      f.jumpIf(i32.ltU(b, until), again);
    });
  if (!long) addUntil(end);
  else {
    const zeros = (): Local<"v128">[][] => sums.map((row) => row.map(() => f.local("v128")));
    const groups = zeros();
    const totals = zeros();
    const groupEnd = f.local("i32");
    const runEnd = f.local("i32");
    /** Goes on for so many products, or up to an address if that comes first. */
    const upTo = (to: Local<"i32">, count: number, last: Local<"i32">): void => {
      const bytes = count * bStep;
      f.set(
        to,
        bytes < 2 ** 31
          ? i32.select(i32.gtU(i32.sub(last, b), bytes), i32.add(b, bytes), last)
          : last,
      );
    };
    const addTo = (to: Local<"v128">[][], from: Local<"v128">[][]): void =>
      each((r, v) => {
        f.set(to[r]![v]!, f32x4.add(to[r]![v]!, from[r]![v]!));
        f.set(from[r]![v]!, f32x4.const(0));
      });
    f.repeat((nextGroup) => {
      upTo(groupEnd, run * runsTogether, end);
      f.repeat((nextRun) => {
        upTo(runEnd, run, groupEnd);
        addUntil(runEnd);
        f.set(b, runEnd); // after an odd number of products B is not quite there
        addTo(groups, sums);
        f.jumpIf(i32.ltU(b, groupEnd), nextRun);
      });
      addTo(totals, groups);
      f.jumpIf(i32.ltU(b, end), nextGroup);
    });
    each((r, v) => f.set(sums[r]![v]!, totals[r]![v]!));
  }

  each((r, v) => {
    const at = r * cRow + 16 * v;
    const sum = accumulate === "apart" ? f32x4.add(v128.load(c, at), sums[r]![v]!) : sums[r]![v]!;
    storeLanes(f, c, sum, Math.min(4, columns - 4 * v), at);
  });
}
