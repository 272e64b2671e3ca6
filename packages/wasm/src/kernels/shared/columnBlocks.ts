import type { FunctionBuilder, I32, Index, Local } from "@tenon/emit";
import * as i32 from "@tenon/emit/i32";
import { lineElements } from "../../machine.js";

/** Columns of a matrix that are worked on together: a cache line of each row. */
export const blockColumns: number = lineElements;

/**
 * Emits code for block `unit` of a matrix of `n` columns: `place` gets its row and its first
 * column; what it returns is called for columns from one of the block on, some vectors or a single
 * one.
 */
export function eachColumns(
  f: FunctionBuilder,
  n: number,
  unit: Local<"i32">,
  place: (
    row: Local<"i32">,
    column: Local<"i32">,
  ) => (first: Index, vectors: number, single: boolean) => void,
): void {
  const blocks = Math.ceil(n / blockColumns);
  const row = blocks === 1 ? unit : f.local("i32", i32.divU(unit, blocks));
  const column: I32 =
    blocks === 1 ? i32.const(0) : i32.mul(i32.sub(unit, i32.mul(row, blocks)), blockColumns);
  const start = f.local("i32", column);
  const emit = place(row, start);
  const lastColumns = (until: number): void => {
    const j = f.local("i32");
    const vectorsEnd = until - (until % 4);
    f.loop(j, 0, vectorsEnd, 4, () => emit(j, 1, false));
    f.loop(j, vectorsEnd, until, 1, () => emit(j, 1, true));
  };
  if (n < blockColumns) return lastColumns(n);
  f.if(
    i32.leS(start, n - blockColumns),
    () => emit(0, blockColumns / 4, false),
    n % blockColumns > 0 ? () => lastColumns(n % blockColumns) : undefined,
  );
}
