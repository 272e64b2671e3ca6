import { f32x4, v128, type FunctionBuilder, type FunctionIndex, type Local, type ModuleBuilder, type V128 } from "../../emit/index.js";
import type { Epilogue } from "./tile.js";

type Vector = Local<"v128">;

const { add, sub, mul } = f32x4;
const times = (x: V128, factor: number): V128 => mul(x, f32x4.const(factor));

/** A transform of one row or column, in locals: so that an expression used twice is computed once. */
type Transform = (keep: (x: V128) => Vector, x: readonly Vector[]) => V128[];

/** Bᵀ: six numbers of an image. */
const image: Transform = (keep, [d0, d1, d2, d3, d4, d5]) => {
  const even = keep(sub(d4!, times(d2!, 4))), odd = keep(sub(d3!, times(d1!, 4)));
  const even2 = keep(sub(d4!, d2!)), odd2 = keep(times(sub(d3!, d1!), 2));
  return [
    add(sub(times(d0!, 4), times(d2!, 5)), d4!),
    add(even, odd), sub(even, odd), add(even2, odd2), sub(even2, odd2),
    add(sub(times(d1!, 4), times(d3!, 5)), d5!),
  ];
};

/** G: three numbers of a kernel become six. */
const kernel: Transform = (keep, [g0, g1, g2]) => {
  const outer = keep(times(add(g0!, g2!), -1 / 6)), inner = keep(times(g1!, 1 / 6));
  const outer2 = keep(add(times(g0!, 1 / 24), times(g2!, 1 / 6))), inner2 = keep(times(g1!, 1 / 12));
  return [times(g0!, 1 / 4), sub(outer, inner), add(outer, inner), add(outer2, inner2), sub(outer2, inner2), g2!];
};

/** Aᵀ: six products become four outputs. */
const outputs: Transform = (keep, [m0, m1, m2, m3, m4, m5]) => {
  const sum = keep(add(m1!, m2!)), difference = keep(sub(m1!, m2!)), sum2 = keep(add(m3!, m4!)), difference2 = keep(sub(m3!, m4!));
  return [add(add(m0!, sum), sum2), add(difference, times(difference2, 2)), add(sum, times(sum2, 4)), add(add(difference, times(difference2, 8)), m5!)];
};

/** Applies a transform to the columns and then to the rows of a square of vectors. */
function square(f: FunctionBuilder, size: number, transform: Transform, load: (row: number, column: number) => V128, store: (row: number, column: number, x: V128) => void): void {
  const pool: Vector[] = [];
  let used = 0;
  const keep = (x: V128): Vector => {
    const local = (pool[used] ??= f.local("v128"));
    used++;
    f.set(local, x);
    return local;
  };
  const given = Array.from({ length: size }, () => f.local("v128"));
  const columns = given.map((_, column) => {
    used = 0;
    given.forEach((local, row) => f.set(local, load(row, column)));
    return transform(keep, given).map((x) => f.local("v128", x));
  });
  columns[0]!.forEach((_, row) => {
    used = 0;
    transform(keep, columns.map((column) => column[row]!)).forEach((x, column) => store(row, column, x));
  });
}

/** V = Bᵀ d B for all channels of a 6 × 6 piece of an image: (to, from) → (). Distances in bytes; `plane` separates the 36 results. */
export function transformImage(module: ModuleBuilder, channels: number, line: number, plane: number): FunctionIndex {
  const key = `winograd/image/${channels}/${line}/${plane}`;
  return module.once(key, () => module.func(key, ["i32", "i32"], (f, to, from) => {
    const i = f.local("i32");
    f.loop(i, 0, channels, 4, () => {
      square(f, 6, image, (row, column) => v128.load(from!, row * line + column * 4 * channels), (row, column, x) => f.store("v128", to!, x, (6 * row + column) * plane));
      f.bump(to!, 16);
      f.bump(from!, 16);
    });
  }));
}

/** U = G g Gᵀ for four outputs of one channel: (to, from) → (). `tap(row, column)` reads the kernel. */
export function transformKernel(module: ModuleBuilder, name: string, tap: (from: Local, row: number, column: number) => V128, plane: number): FunctionIndex {
  const key = `winograd/kernel/${name}/${plane}`;
  return module.once(key, () => module.func(key, ["i32", "i32"], (f, to, from) =>
    square(f, 3, kernel, (row, column) => tap(from!, row, column), (row, column, x) => f.store("v128", to!, x, (6 * row + column) * plane))));
}

/** Y = Aᵀ M A for all outputs of a tile, of which `rows` × `columns` lie within the image: (to, from) → (). */
export function transformOutputs(module: ModuleBuilder, count: number, line: number, plane: number, rows: number, columns: number, epilogue: Epilogue | undefined): FunctionIndex {
  const key = `winograd/outputs/${count}/${line}/${plane}/${rows}x${columns}${epilogue ? `/${epilogue.key}` : ""}`;
  return module.once(key, () => module.func(key, ["i32", "i32"], (f, to, from) => {
    const i = f.local("i32");
    f.loop(i, 0, count, 4, () => {
      square(f, 6, outputs, (row, column) => v128.load(from!, (6 * row + column) * plane), (row, column, x) => {
        if (row < rows && column < columns) f.store("v128", to!, epilogue ? epilogue.apply(f.local("v128", x)) : x, row * line + column * 4 * count);
      });
      f.bump(to!, 16);
      f.bump(from!, 16);
    });
  }));
}
