import type { FunctionBuilder, Local, V128 } from "@tenon/emit";
import * as f32x4 from "@tenon/emit/f32x4";
import { add, sub, mul } from "@tenon/emit/f32x4";

type Vector = Local<"v128">;

const times = (x: V128, factor: number): V128 => mul(x, f32x4.const(factor));

/** A transform of one row or column. `bind` puts a value that is used twice into a local. */
export type Transform = (bind: (x: V128) => Vector, x: readonly Vector[]) => V128[];

/**
 * The outputs of a tile along one axis. A tile of 4 needs products at six points: 0, 1, −1, 2, −2,
 * ∞. The last tile of an image may be smaller: 3, 2 or 1 outputs need the first four, three or two
 * of these points, and ∞, with the same transformed kernel.
 */
export type Size = 1 | 2 | 3 | 4;

/** The indices of the points that a tile of this size uses. */
export const points = (size: Size): readonly number[] =>
  [0, 1, 2, 3, 4, 5].filter((point) => point <= size || point === 5);

/** Bᵀ: from the input patch of a tile, two more values than its outputs, to one for each point. */
export const image: Readonly<Record<Size, Transform>> = {
  1: (_, [d0, d1, d2]) => [times(sub(d0!, d1!), 4), times(d1!, -6), sub(d2!, d1!)],
  2: (_, [d0, d1, d2, d3]) => [
    times(sub(d0!, d2!), 4),
    times(add(d1!, d2!), -3),
    times(sub(d1!, d2!), 3),
    sub(d3!, d1!),
  ],
  3: (bind, [d0, d1, d2, d3, d4]) => {
    const odd = bind(times(sub(d1!, d3!), 2));
    const three = bind(sub(d3!, times(d2!, 3)));
    return [
      sub(times(sub(d0!, d2!), 4), odd),
      add(three, times(sub(d3!, times(d1!, 3)), 2)),
      add(three, times(d1!, 2)),
      times(odd, -2),
      add(odd, sub(d4!, d2!)),
    ];
  },
  4: (bind, [d0, d1, d2, d3, d4, d5]) => {
    const even = bind(sub(d4!, times(d2!, 4)));
    const odd = bind(sub(d3!, times(d1!, 4)));
    const even2 = bind(sub(d4!, d2!));
    const odd2 = bind(times(sub(d3!, d1!), 2));
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

/** G: from three taps of a kernel to six points. */
export const kernel: Transform = (bind, [g0, g1, g2]) => {
  const outer = bind(times(add(g0!, g2!), -1 / 6));
  const inner = bind(times(g1!, 1 / 6));
  const outer2 = bind(add(times(g0!, 1 / 24), times(g2!, 1 / 6)));
  const inner2 = bind(times(g1!, 1 / 12));
  return [
    times(g0!, 1 / 4),
    sub(outer, inner),
    add(outer, inner),
    add(outer2, inner2),
    sub(outer2, inner2),
    g2!,
  ];
};

/** Aᵀ: from the products at the points to the outputs of a tile. */
export const outputs: Readonly<Record<Size, Transform>> = {
  1: (_, [m0, m1, m5]) => [add(add(m0!, m1!), m5!)],
  2: (_, [m0, m1, m2, m5]) => [add(m0!, add(m1!, m2!)), add(sub(m1!, m2!), m5!)],
  3: (bind, [m0, m1, m2, m3, m5]) => {
    const sum = bind(add(m1!, m2!));
    return [
      add(add(m0!, sum), m3!),
      add(sub(m1!, m2!), times(m3!, 2)),
      add(add(sum, times(m3!, 4)), m5!),
    ];
  },
  4: (bind, [m0, m1, m2, m3, m4, m5]) => {
    const sum = bind(add(m1!, m2!));
    const difference = bind(sub(m1!, m2!));
    const sum2 = bind(add(m3!, m4!));
    const difference2 = bind(sub(m3!, m4!));
    return [
      add(add(m0!, sum), sum2),
      add(difference, times(difference2, 2)),
      add(sum, times(sum2, 4)),
      add(add(difference, times(difference2, 8)), m5!),
    ];
  },
};

/** A: from the gradients of a tile's outputs to those of its products. */
export const outputsBack: Readonly<Record<Size, Transform>> = {
  1: (_, [y0]) => [y0!, y0!, y0!],
  2: (_, [y0, y1]) => [y0!, add(y0!, y1!), sub(y0!, y1!), y1!],
  3: (bind, [y0, y1, y2]) => {
    const even = bind(add(y0!, y2!));
    return [y0!, add(even, y1!), sub(even, y1!), add(add(y0!, times(y2!, 4)), times(y1!, 2)), y2!];
  },
  4: (bind, [y0, y1, y2, y3]) => {
    const even = bind(add(y0!, y2!));
    const odd = bind(add(y1!, y3!));
    const even2 = bind(add(y0!, times(y2!, 4)));
    const odd2 = bind(add(times(y1!, 2), times(y3!, 8)));
    return [y0!, add(even, odd), sub(even, odd), add(even2, odd2), sub(even2, odd2), y3!];
  },
};

/** B: from the gradients at the points to those of the tile's input patch. */
export const imageBack: Readonly<Record<Size, Transform>> = {
  1: (_, [v0, v1, v5]) => [times(v0!, 4), sub(times(v0!, -4), add(times(v1!, 6), v5!)), v5!],
  2: (_, [v0, v1, v2, v5]) => [
    times(v0!, 4),
    sub(times(sub(v2!, v1!), 3), v5!),
    sub(times(v0!, -4), times(add(v1!, v2!), 3)),
    v5!,
  ],
  3: (bind, [v0, v1, v2, v3, v5]) => {
    const odd = bind(sub(v0!, v5!));
    return [
      times(v0!, 4),
      sub(times(sub(v2!, odd), 2), add(times(v1!, 6), times(v3!, 4))),
      sub(times(v0!, -4), add(times(add(v1!, v2!), 3), v5!)),
      add(times(odd, 2), add(add(times(v1!, 3), v2!), times(v3!, 4))),
      v5!,
    ];
  },
  4: (bind, [v0, v1, v2, v3, v4, v5]) => {
    const sum = bind(add(v1!, v2!));
    const difference = bind(sub(v1!, v2!));
    const sum2 = bind(add(v3!, v4!));
    const difference2 = bind(times(sub(v3!, v4!), 2));
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

/** Gᵀ: from the gradients at six points to those of three taps. */
export const kernelBack: Transform = (bind, [u0, u1, u2, u3, u4, u5]) => {
  const sum = bind(times(add(u1!, u2!), 1 / 6));
  const sum2 = bind(add(u3!, u4!));
  return [
    add(sub(times(u0!, 1 / 4), sum), times(sum2, 1 / 24)),
    add(times(sub(u2!, u1!), 1 / 6), times(sub(u3!, u4!), 1 / 12)),
    add(sub(times(sum2, 1 / 6), sum), u5!),
  ];
};

/** A transform of two axes. */
export interface Transform2d {
  /** The length of a column, and its transform. */
  readonly columns: readonly [number, Transform];
  /** The length of a row, and its transform. */
  readonly rows: readonly [number, Transform];
  readonly load: (row: number, column: number) => V128;
  readonly store: (row: number, column: number, x: V128) => void;
}

/** Emits the transform of the columns of a rectangle of vectors, then that of the rows. */
export function transform2d(f: FunctionBuilder, { columns, rows, load, store }: Transform2d): void {
  const [height, down] = columns;
  const [width, across] = rows;
  const pool: Vector[] = [];
  let used = 0;
  const bind = (x: V128): Vector => {
    const local = (pool[used] ??= f.local("v128"));
    used++;
    f.set(local, x);
    return local;
  };
  const input = f.locals("v128", height);
  const transformed = Array.from({ length: width }, (_, column) => {
    used = 0;
    input.forEach((local, row) => f.set(local, load(row, column)));
    return down(bind, input).map((x) => f.let(x));
  });
  transformed[0]!.forEach((_, row) => {
    used = 0;
    across(
      bind,
      transformed.map((column) => column[row]!),
    ).forEach((x, column) => store(row, column, x));
  });
}
