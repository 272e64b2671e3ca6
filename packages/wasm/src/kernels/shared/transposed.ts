import type { FunctionBuilder, V128 } from "@tenon/emit";
import * as v128 from "@tenon/emit/v128";

/** The columns of four rows of four 32-bit lanes; a row is used twice. */
export function transposed(f: FunctionBuilder, rows: readonly V128[]): V128[] {
  return [
    [0, 4, 1, 5],
    [2, 6, 3, 7],
  ].flatMap((lanes) => {
    const low = f.let(v128.shuffle32(rows[0]!, rows[1]!, lanes));
    const high = f.let(v128.shuffle32(rows[2]!, rows[3]!, lanes));
    return [v128.shuffle32(low, high, [0, 1, 4, 5]), v128.shuffle32(low, high, [2, 3, 6, 7])];
  });
}
