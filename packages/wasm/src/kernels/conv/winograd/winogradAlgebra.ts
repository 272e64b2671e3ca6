import { f32x4, type FunctionBuilder, type Local, type V128 } from "@tenon/emit";

type Vector = Local<"v128">;

const { add, sub, mul } = f32x4;
const times = (x: V128, factor: number): V128 => mul(x, f32x4.const(factor));

/**
 * A transform of one row or column, in locals: so that an expression used twice is computed once.
 */
export type Transform = (keep: (x: V128) => Vector, x: readonly Vector[]) => V128[];

/**
 * Tiles of 4 outputs along an axis need products at six points: 0, 1, −1, 2, −2, ∞. The last tile
 * of an image may have fewer: with 3, 2 or 1 outputs it does with five, four or three of them,
 * whose kernels are the same.
 */
export type Size = 1 | 2 | 3 | 4;

/** Which of the six points a tile of this size uses. */
export const points = (size: Size): readonly number[] =>
  [0, 1, 2, 3, 4, 5].filter((point) => point <= size || point === 5);

/**
 * Bᵀ: the numbers of an image under a tile, two more than its outputs, become one for each point.
 */
export const image: Readonly<Record<Size, Transform>> = {
  1: (_, [d0, d1, d2]) => [times(sub(d0!, d1!), 4), times(d1!, -6), sub(d2!, d1!)],
  2: (_, [d0, d1, d2, d3]) => [
    times(sub(d0!, d2!), 4),
    times(add(d1!, d2!), -3),
    times(sub(d1!, d2!), 3),
    sub(d3!, d1!),
  ],
  3: (keep, [d0, d1, d2, d3, d4]) => {
    const odd = keep(times(sub(d1!, d3!), 2));
    const three = keep(sub(d3!, times(d2!, 3)));
    return [
      sub(times(sub(d0!, d2!), 4), odd),
      add(three, times(sub(d3!, times(d1!, 3)), 2)),
      add(three, times(d1!, 2)),
      times(odd, -2),
      add(odd, sub(d4!, d2!)),
    ];
  },
  4: (keep, [d0, d1, d2, d3, d4, d5]) => {
    const even = keep(sub(d4!, times(d2!, 4)));
    const odd = keep(sub(d3!, times(d1!, 4)));
    const even2 = keep(sub(d4!, d2!));
    const odd2 = keep(times(sub(d3!, d1!), 2));
    return [
      add(sub(times(d0!, 4), times(d2!, 5)), d4!),
      add(even, odd),
      sub(even, odd),
      add(even2, odd2),
      sub(even2, odd2),
      add(sub(times(d1!, 4), times(d3!, 5)), d5!),
    ];
  },
};

/** G: three numbers of a kernel become six. */
export const kernel: Transform = (keep, [g0, g1, g2]) => {
  const outer = keep(times(add(g0!, g2!), -1 / 6));
  const inner = keep(times(g1!, 1 / 6));
  const outer2 = keep(add(times(g0!, 1 / 24), times(g2!, 1 / 6)));
  const inner2 = keep(times(g1!, 1 / 12));
  return [
    times(g0!, 1 / 4),
    sub(outer, inner),
    add(outer, inner),
    add(outer2, inner2),
    sub(outer2, inner2),
    g2!,
  ];
};

/** Aᵀ: the products of a tile become its outputs. */
export const outputs: Readonly<Record<Size, Transform>> = {
  1: (_, [m0, m1, m5]) => [add(add(m0!, m1!), m5!)],
  2: (_, [m0, m1, m2, m5]) => [add(m0!, add(m1!, m2!)), add(sub(m1!, m2!), m5!)],
  3: (keep, [m0, m1, m2, m3, m5]) => {
    const sum = keep(add(m1!, m2!));
    return [
      add(add(m0!, sum), m3!),
      add(sub(m1!, m2!), times(m3!, 2)),
      add(add(sum, times(m3!, 4)), m5!),
    ];
  },
  4: (keep, [m0, m1, m2, m3, m4, m5]) => {
    const sum = keep(add(m1!, m2!));
    const difference = keep(sub(m1!, m2!));
    const sum2 = keep(add(m3!, m4!));
    const difference2 = keep(sub(m3!, m4!));
    return [
      add(add(m0!, sum), sum2),
      add(difference, times(difference2, 2)),
      add(sum, times(sum2, 4)),
      add(add(difference, times(difference2, 8)), m5!),
    ];
  },
};

/** A: the gradients of a tile's outputs become gradients of its products. */
export const outputsBack: Readonly<Record<Size, Transform>> = {
  1: (_, [y0]) => [y0!, y0!, y0!],
  2: (_, [y0, y1]) => [y0!, add(y0!, y1!), sub(y0!, y1!), y1!],
  3: (keep, [y0, y1, y2]) => {
    const even = keep(add(y0!, y2!));
    return [y0!, add(even, y1!), sub(even, y1!), add(add(y0!, times(y2!, 4)), times(y1!, 2)), y2!];
  },
  4: (keep, [y0, y1, y2, y3]) => {
    const even = keep(add(y0!, y2!));
    const odd = keep(add(y1!, y3!));
    const even2 = keep(add(y0!, times(y2!, 4)));
    const odd2 = keep(add(times(y1!, 2), times(y3!, 8)));
    return [y0!, add(even, odd), sub(even, odd), add(even2, odd2), sub(even2, odd2), y3!];
  },
};

/** B: gradients of a tile's products become gradients of the image under it. */
export const imageBack: Readonly<Record<Size, Transform>> = {
  1: (_, [v0, v1, v5]) => [times(v0!, 4), sub(times(v0!, -4), add(times(v1!, 6), v5!)), v5!],
  2: (_, [v0, v1, v2, v5]) => [
    times(v0!, 4),
    sub(times(sub(v2!, v1!), 3), v5!),
    sub(times(v0!, -4), times(add(v1!, v2!), 3)),
    v5!,
  ],
  3: (keep, [v0, v1, v2, v3, v5]) => {
    const odd = keep(sub(v0!, v5!));
    return [
      times(v0!, 4),
      sub(times(sub(v2!, odd), 2), add(times(v1!, 6), times(v3!, 4))),
      sub(times(v0!, -4), add(times(add(v1!, v2!), 3), v5!)),
      add(times(odd, 2), add(add(times(v1!, 3), v2!), times(v3!, 4))),
      v5!,
    ];
  },
  4: (keep, [v0, v1, v2, v3, v4, v5]) => {
    const sum = keep(add(v1!, v2!));
    const difference = keep(sub(v1!, v2!));
    const sum2 = keep(add(v3!, v4!));
    const difference2 = keep(times(sub(v3!, v4!), 2));
    return [
      times(v0!, 4),
      sub(times(sub(v5!, difference), 4), difference2),
      sub(times(sum, -4), add(times(v0!, 5), sum2)),
      sub(add(difference, difference2), times(v5!, 5)),
      add(add(v0!, sum), sum2),
      v5!,
    ];
  },
};

/** Gᵀ: six gradients of products become three gradients of the kernel. */
export const kernelBack: Transform = (keep, [u0, u1, u2, u3, u4, u5]) => {
  const sum = keep(times(add(u1!, u2!), 1 / 6));
  const sum2 = keep(add(u3!, u4!));
  return [
    add(sub(times(u0!, 1 / 4), sum), times(sum2, 1 / 24)),
    add(times(sub(u2!, u1!), 1 / 6), times(sub(u3!, u4!), 1 / 12)),
    add(sub(times(sum2, 1 / 6), sum), u5!),
  ];
};

/**
 * Applies a transform to the columns of a rectangle of vectors, of so many rows and columns, and
 * then one to the rows of what comes of it.
 */
export function rectangle(
  f: FunctionBuilder,
  [rows, down]: readonly [number, Transform],
  [columns, across]: readonly [number, Transform],
  load: (row: number, column: number) => V128,
  store: (row: number, column: number, x: V128) => void,
): void {
  const pool: Vector[] = [];
  let used = 0;
  const keep = (x: V128): Vector => {
    const local = (pool[used] ??= f.local("v128"));
    used++;
    f.set(local, x);
    return local;
  };
  const given = Array.from({ length: rows }, () => f.local("v128"));
  const made = Array.from({ length: columns }, (_, column) => {
    used = 0;
    given.forEach((local, row) => f.set(local, load(row, column)));
    return down(keep, given).map((x) => f.local("v128", x));
  });
  made[0]!.forEach((_, row) => {
    used = 0;
    across(
      keep,
      made.map((column) => column[row]!),
    ).forEach((x, column) => store(row, column, x));
  });
}
