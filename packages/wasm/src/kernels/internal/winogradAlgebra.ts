import { f32x4, type FunctionBuilder, type Local, type V128 } from "@tenon/emit";

type Vector = Local<"v128">;

const { add, sub, mul } = f32x4;
const times = (x: V128, factor: number): V128 => mul(x, f32x4.const(factor));

/** A transform of one row or column, in locals: so that an expression used twice is computed once. */
export type Transform = (keep: (x: V128) => Vector, x: readonly Vector[]) => V128[];

/** Bᵀ: six numbers of an image. */
export const image: Transform = (keep, [d0, d1, d2, d3, d4, d5]) => {
  const even = keep(sub(d4!, times(d2!, 4))), odd = keep(sub(d3!, times(d1!, 4)));
  const even2 = keep(sub(d4!, d2!)), odd2 = keep(times(sub(d3!, d1!), 2));
  return [
    add(sub(times(d0!, 4), times(d2!, 5)), d4!),
    add(even, odd), sub(even, odd), add(even2, odd2), sub(even2, odd2),
    add(sub(times(d1!, 4), times(d3!, 5)), d5!),
  ];
};

/** G: three numbers of a kernel become six. */
export const kernel: Transform = (keep, [g0, g1, g2]) => {
  const outer = keep(times(add(g0!, g2!), -1 / 6)), inner = keep(times(g1!, 1 / 6));
  const outer2 = keep(add(times(g0!, 1 / 24), times(g2!, 1 / 6))), inner2 = keep(times(g1!, 1 / 12));
  return [times(g0!, 1 / 4), sub(outer, inner), add(outer, inner), add(outer2, inner2), sub(outer2, inner2), g2!];
};

/** Aᵀ: six products become four outputs. */
export const outputs: Transform = (keep, [m0, m1, m2, m3, m4, m5]) => {
  const sum = keep(add(m1!, m2!)), difference = keep(sub(m1!, m2!)), sum2 = keep(add(m3!, m4!)), difference2 = keep(sub(m3!, m4!));
  return [add(add(m0!, sum), sum2), add(difference, times(difference2, 2)), add(sum, times(sum2, 4)), add(add(difference, times(difference2, 8)), m5!)];
};

/** A: four slopes of outputs become six slopes of products. */
export const outputsBack: Transform = (keep, [y0, y1, y2, y3]) => {
  const even = keep(add(y0!, y2!)), odd = keep(add(y1!, y3!)), even2 = keep(add(y0!, times(y2!, 4))), odd2 = keep(add(times(y1!, 2), times(y3!, 8)));
  return [y0!, add(even, odd), sub(even, odd), add(even2, odd2), sub(even2, odd2), y3!];
};

/** B: six slopes of products become six slopes of the image. */
export const imageBack: Transform = (keep, [v0, v1, v2, v3, v4, v5]) => {
  const sum = keep(add(v1!, v2!)), difference = keep(sub(v1!, v2!)), sum2 = keep(add(v3!, v4!)), difference2 = keep(times(sub(v3!, v4!), 2));
  return [
    times(v0!, 4),
    sub(times(sub(v5!, difference), 4), difference2),
    sub(times(sum, -4), add(times(v0!, 5), sum2)),
    sub(add(difference, difference2), times(v5!, 5)),
    add(add(v0!, sum), sum2),
    v5!,
  ];
};

/** Gᵀ: six slopes of products become three slopes of the kernel. */
export const kernelBack: Transform = (keep, [u0, u1, u2, u3, u4, u5]) => {
  const sum = keep(times(add(u1!, u2!), 1 / 6)), sum2 = keep(add(u3!, u4!));
  return [
    add(sub(times(u0!, 1 / 4), sum), times(sum2, 1 / 24)),
    add(times(sub(u2!, u1!), 1 / 6), times(sub(u3!, u4!), 1 / 12)),
    add(sub(times(sum2, 1 / 6), sum), u5!),
  ];
};

/** Applies a transform to the columns and then to the rows of a square of vectors. */
export function square(f: FunctionBuilder, size: number, transform: Transform, load: (row: number, column: number) => V128, store: (row: number, column: number, x: V128) => void): void {
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
