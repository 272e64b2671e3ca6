import type { FunctionBuilder, FunctionIndex, Local, ModuleBuilder } from "@tenon/emit";
import * as v128 from "@tenon/emit/v128";
import { transposed } from "../shared/transposed.js";

/** A matrix [k, n]: row-major with `stride` bytes between rows, or transposed, as [n, k]. */
export interface MatrixLayout {
  readonly transposed: boolean;
  readonly stride: number;
}

/**
 * A function that copies one panel B[k, columns] to contiguous memory, k after k, each in whole
 * vectors or `kBytes`: (to, from) → (). It may write up to three k past the panel's end.
 */
export function packer(
  module: ModuleBuilder,
  columns: number,
  k: number,
  { transposed, stride }: MatrixLayout,
  kBytes: number = 16 * Math.ceil(columns / 4),
): FunctionIndex {
  const key = `pack/${columns}x${k}/${transposed ? "t" : "n"}${stride}/${kBytes}`;
  return module.func(key, { to: "address", from: "address" }, (f, operands) =>
    (transposed ? packTransposed : packRows)(f, { columns, k, stride, kBytes, ...operands }),
  );
}

interface Panel {
  readonly columns: number;
  readonly k: number;
  /** Bytes from one row of the source to the next. */
  readonly stride: number;
  /** From one k to the next in the panel. */
  readonly kBytes: number;
  readonly to: Local<"address">;
  readonly from: Local<"address">;
}

/** Copies rows. */
function packRows(f: FunctionBuilder, { columns, k, stride, kBytes, to, from }: Panel): void {
  const vectors = Math.ceil(columns / 4);
  f.for(0, k, 1, () => {
    for (let v = 0; v < vectors; v++) f.store("v128", to, v128.load(from, 16 * v), 16 * v);
    f.bump(to, kBytes);
    f.bump(from, stride);
  });
}

/**
 * Transposes blocks of four columns by four k in registers. Columns that do not exist repeat the
 * last one.
 */
function packTransposed(f: FunctionBuilder, { columns, k, stride, kBytes, to, from }: Panel): void {
  f.for(0, k, 4, () => {
    for (let column = 0; column < columns; column += 4) {
      const rows = [0, 1, 2, 3].map((q) =>
        f.let(v128.load(from, Math.min(column + q, columns - 1) * stride)),
      );
      transposed(f, rows).forEach((row, q) => f.store("v128", to, row, 4 * column + q * kBytes));
    }
    f.bump(to, 4 * kBytes);
    f.bump(from, 16);
  });
}
