import {
  v128,
  type FunctionBuilder,
  type FunctionIndex,
  type Local,
  type ModuleBuilder,
} from "@tenon/emit";

/** A matrix [k, n]: row-major with `stride` bytes between rows, or transposed, as [n, k]. */
export interface MatrixLayout {
  readonly transposed: boolean;
  readonly stride: number;
}

/**
 * A function that copies one panel B[k, columns] to contiguous memory, k after k, each in whole
 * vectors: (to, from) → (). It may write up to three k past the panel's end.
 */
export function packer(
  module: ModuleBuilder,
  columns: number,
  k: number,
  { transposed, stride }: MatrixLayout,
): FunctionIndex {
  const key = `pack/${columns}x${k}/${transposed ? "t" : "n"}${stride}`;
  return module.func(key, { to: "address", from: "address" }, (f, operands) =>
    (transposed ? packTransposed : packRows)(f, { columns, k, stride, ...operands }),
  );
}

interface Panel {
  readonly columns: number;
  readonly k: number;
  /** Bytes from one row of the source to the next. */
  readonly stride: number;
  readonly to: Local<"address">;
  readonly from: Local<"address">;
}

/** Copies rows. */
function packRows(f: FunctionBuilder, { columns, k, stride, to, from }: Panel): void {
  const vectors = Math.ceil(columns / 4);
  f.for(0, k, 1, () => {
    for (let v = 0; v < vectors; v++) f.store("v128", to, v128.load(from, 16 * v), 16 * v);
    f.bump(to, 16 * vectors);
    f.bump(from, stride);
  });
}

/**
 * Transposes blocks of four columns by four k in registers. Columns that do not exist repeat the
 * last one.
 */
function packTransposed(f: FunctionBuilder, { columns, k, stride, to, from }: Panel): void {
  const kBytes = 16 * Math.ceil(columns / 4);
  const rows = f.locals("v128", 4);
  const halves = f.locals("v128", 4);
  const [low01, low23, high01, high23] = halves as [
    Local<"v128">,
    Local<"v128">,
    Local<"v128">,
    Local<"v128">,
  ];
  f.for(0, k, 4, () => {
    for (let column = 0; column < kBytes / 4; column += 4) {
      rows.forEach((row, q) =>
        f.set(row, v128.load(from, Math.min(column + q, columns - 1) * stride)),
      );
      f.set(low01, v128.shuffle32(rows[0]!, rows[1]!, [0, 4, 1, 5]));
      f.set(low23, v128.shuffle32(rows[2]!, rows[3]!, [0, 4, 1, 5]));
      f.set(high01, v128.shuffle32(rows[0]!, rows[1]!, [2, 6, 3, 7]));
      f.set(high23, v128.shuffle32(rows[2]!, rows[3]!, [2, 6, 3, 7]));
      f.store("v128", to, v128.shuffle32(low01, low23, [0, 1, 4, 5]), 4 * column);
      f.store("v128", to, v128.shuffle32(low01, low23, [2, 3, 6, 7]), 4 * column + kBytes);
      f.store("v128", to, v128.shuffle32(high01, high23, [0, 1, 4, 5]), 4 * column + 2 * kBytes);
      f.store("v128", to, v128.shuffle32(high01, high23, [2, 3, 6, 7]), 4 * column + 3 * kBytes);
    }
    f.bump(to, 4 * kBytes);
    f.bump(from, 16);
  });
}
