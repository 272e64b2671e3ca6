import type { Shape } from "@tenon/contracts";
import type { Pool2dAttrs } from "@tenon/tensor";
import { i32, type FunctionBuilder, type I32, type Index, type Local } from "@tenon/emit";
import { windows } from "../conv/geometry.js";

export interface PoolSpec {
  /** The image: [n, height, width, channels]. */
  readonly x: Shape;
  readonly attrs: Pool2dAttrs;
}

/** A pooling in numbers. */
export interface Pool {
  readonly key: string;
  readonly images: number;
  readonly rows: number;
  readonly columns: number;
  readonly channels: number;
  /** Bytes of one image, of the windows of one image. */
  readonly imageBytes: number;
  readonly outputBytes: number;
  /** Cells under a whole window. */
  readonly cells: number;
  readonly attrs: Pool2dAttrs;
  /** Whether windows may stick out of the image. */
  readonly clipped: boolean;
  /** Whether the cells of a window are visited without loops. */
  readonly straight: boolean;
}

/** Windows of more cells get loops. */
const unrolled = 16;

export function poolOf({ x, attrs }: PoolSpec): Pool {
  const [images, h, w, channels] = x as [number, number, number, number];
  const [rows, columns] = windows(attrs.image, attrs.window, attrs);
  const beyond = (d: 0 | 1): boolean =>
    attrs.padding[d][0] > 0 ||
    ([rows, columns][d]! - 1) * attrs.strides[d] + attrs.window[d] > attrs.image[d];
  const clipped = beyond(0) || beyond(1);
  const cells = attrs.window[0] * attrs.window[1];
  return {
    key: [x, attrs.window, attrs.strides, attrs.padding]
      .map((list) => list.flat().join("x"))
      .join("/"),
    images,
    rows,
    columns,
    channels,
    attrs,
    imageBytes: 4 * h * w * channels,
    outputBytes: 4 * rows * columns * channels,
    cells,
    clipped,
    straight: !clipped && cells <= unrolled,
  };
}

/** One window, for whom code is emitted. */
export interface Window {
  /** Bytes from the start of the first channel's output, of all images. */
  readonly output: Index;
  /**
   * Its first cell within the image: bytes from the start of all images, and position, which is row
   * · width + column.
   */
  readonly first: {
    readonly offset: Local<"i32">;
    readonly position: Local<"i32">;
    readonly row: Local<"i32">;
    readonly column: Local<"i32">;
  };
  /**
   * Emits code for every cell within the image, in row-major order: bytes from the start of all
   * images, position.
   */
  cells(visit: (offset: I32, fixed: number, position: I32, fixedPosition: number) => void): void;
}

/** Emits code for the windows in row `row` of image `image`, from left to right. */
export function eachWindow(
  f: FunctionBuilder,
  pool: Pool,
  image: Local<"i32">,
  row: Local<"i32">,
  visit: (window: Window) => void,
): void {
  const {
    channels,
    columns,
    attrs: {
      window: [kh, kw],
      strides,
      padding,
      image: [h, w],
    },
  } = pool;
  const j = f.local("i32");
  const output = f.local("i32");
  const offset = f.local("i32");
  const position = f.local("i32");
  const line = 4 * w * channels;
  const cell = 4 * channels;
  const top = f.local("i32");
  const bottom = f.local("i32");
  const left = f.local("i32");
  const right = f.local("i32");
  const within = (to: Local<"i32">, from: Local<"i32">, size: number, limit: number): void => {
    f.set(to, i32.add(from, size));
    f.if(i32.gtS(to, limit), () => f.set(to, i32.const(limit)));
    f.if(i32.ltS(from, 0), () => f.set(from, i32.const(0)));
  };
  f.set(top, i32.sub(i32.mul(row, strides[0]), padding[0][0]));
  if (pool.clipped) within(bottom, top, kh, h);
  f.set(output, i32.add(i32.mul(image, pool.outputBytes), i32.mul(row, columns * cell)));
  f.loop(j, 0, columns, 1, () => {
    f.set(left, i32.sub(i32.mul(j, strides[1]), padding[1][0]));
    if (pool.clipped) within(right, left, kw, w);
    f.set(position, i32.add(i32.mul(top, w), left));
    f.set(offset, i32.add(i32.mul(image, pool.imageBytes), i32.mul(position, cell)));
    const r = f.local("i32");
    const c = f.local("i32");
    const at = f.local("i32");
    const place = f.local("i32");
    visit({
      output,
      first: { offset, position, row: top, column: left },
      cells(code) {
        if (pool.straight) {
          for (let ki = 0; ki < kh; ki++)
            for (let kj = 0; kj < kw; kj++)
              code(offset, ki * line + kj * cell, position, ki * w + kj);
          return;
        }
        const [lastRow, lastColumn] = pool.clipped
          ? [bottom, right]
          : [i32.add(top, kh), i32.add(left, kw)];
        f.loop(r, top, lastRow, 1, () => {
          f.set(place, i32.add(i32.mul(r, w), left));
          f.set(at, i32.add(i32.mul(image, pool.imageBytes), i32.mul(place, cell)));
          f.loop(c, left, lastColumn, 1, () => {
            code(at, 0, place, 0);
            f.bump(at, cell);
            f.bump(place, 1);
          });
        });
      },
    });
    f.bump(output, cell);
  });
}

/**
 * Emits code for the cells of an image that lie right of and below windows that tile it: bytes from
 * the start of all images.
 */
export function eachOutside(
  f: FunctionBuilder,
  {
    rows,
    columns,
    channels,
    imageBytes,
    attrs: {
      window: [kh, kw],
      image: [h, w],
    },
  }: Pool,
  image: Local<"i32">,
  visit: (offset: Local<"i32">) => void,
): void {
  const row = f.local("i32");
  const column = f.local("i32");
  const offset = f.local("i32");
  const rest = (fromRow: number, untilRow: number, fromColumn: number): void => {
    if (fromRow >= untilRow || fromColumn >= w) return;
    f.loop(row, fromRow, untilRow, 1, () =>
      f.loop(column, fromColumn, w, 1, () => {
        f.set(
          offset,
          i32.add(
            i32.mul(image, imageBytes),
            i32.mul(i32.add(i32.mul(row, w), column), 4 * channels),
          ),
        );
        visit(offset);
      }),
    );
  };
  rest(0, kh * rows, kw * columns);
  rest(kh * rows, h, 0);
}
