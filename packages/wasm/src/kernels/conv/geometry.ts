import type { ConvSpec } from "@tenon/plan";
import { windows } from "@tenon/tensor";
import { l2Bytes } from "../../machine.js";

/** Values that are contiguous both in the image and in a row of the column matrix. */
export interface Segment {
  /** Bytes from the window's first cell. */
  readonly from: number;
  /** Bytes from the start of the row. */
  readonly to: number;
  readonly floats: number;
}

/** The sizes and strides of a convolution. Strides and offsets in bytes. */
export interface Geometry {
  readonly key: string;
  readonly images: number;
  readonly groups: number;
  /** Channels and outputs of one group (cg, og), of all groups (c, o). */
  readonly cg: number;
  readonly og: number;
  readonly c: number;
  readonly o: number;
  /** Values under one window in one group: the length of a row of the column matrix. */
  readonly taps: number;
  /** Windows of one image, in rows of `columns`: the rows of the column matrix. */
  readonly pixels: number;
  readonly columns: number;
  /** Rows and columns of the image as given. */
  readonly image: readonly [number, number];
  /** Rows and columns of cells from the first window's first cell to the last window's last. */
  readonly reach: readonly [number, number];
  /** Rows and columns of padding before the image. */
  readonly before: readonly [number, number];
  /** Whether windows extend beyond the image: then they read a padded copy of it. */
  readonly padded: boolean;
  /**
   * Whether each window is one cell, in the order of the image: then the image is the column
   * matrix.
   */
  readonly pointwise: boolean;
  /** From one window to the next row of windows, to the next window of its row. */
  readonly rowStride: number;
  readonly pixelStride: number;
  readonly segments: readonly Segment[];
  readonly flops: number;
}

export function geometry(spec: ConvSpec): Geometry {
  const { x, w, attrs } = spec;
  const [images, h, width, c] = x as [number, number, number, number];
  const [kh, kw, cg, o] = w as [number, number, number, number];
  const { strides, dilation, padding, groups } = attrs;
  const [rows, columns] = windows([h, width], [kh, kw], attrs);
  const before = [padding[0][0], padding[1][0]] as const;
  const reach = [
    (rows - 1) * strides[0] + (kh - 1) * dilation[0] + 1,
    (columns - 1) * strides[1] + (kw - 1) * dilation[1] + 1,
  ] as const;
  const padded = before.some((n) => n > 0) || reach[0] > h || reach[1] > width;
  const rowBytes = 4 * c * (padded ? reach[1] : width);
  const pixels = rows * columns;
  const taps = kh * kw * cg;
  return {
    key: [x, w, strides, padding, dilation].map((list) => list.flat().join("x")).join("/"),
    images,
    groups,
    cg,
    og: o / groups,
    c,
    o,
    taps,
    pixels,
    columns,
    image: [h, width],
    reach,
    before,
    padded,
    segments: segmentsOf(spec, rowBytes),
    pointwise: kh === 1 && kw === 1 && !padded && strides[0] === 1 && strides[1] === 1,
    rowStride: strides[0] * rowBytes,
    pixelStride: strides[1] * 4 * c,
    flops: 2 * images * pixels * taps * o,
  };
}

/** The contiguous segments of one window. `rowBytes`: from one row of the image to the next. */
function segmentsOf({ w, attrs: { dilation, groups } }: ConvSpec, rowBytes: number): Segment[] {
  const [kh, kw, cg] = w as [number, number, number, number];
  // The cells of a row of the window are contiguous if there are no others between them.
  const contiguous = dilation[1] === 1 && groups === 1;
  return Array.from({ length: kh }, (_, row) =>
    Array.from({ length: contiguous ? 1 : kw }, (_, column) => ({
      from: row * dilation[0] * rowBytes + column * dilation[1] * 4 * cg * groups,
      to: 4 * cg * (row * kw + column),
      floats: contiguous ? kw * cg : cg,
    })),
  ).flat();
}

/** Bytes of the block of the column matrix that is in use at a time, in L2 (`bench/conv`). */
const blockBytes = l2Bytes / 2;
const leastPixels = 64;

/** Windows of a block: all of an image, or a multiple of four that fits into L2. */
export function pixelsPerBlock({ taps, pixels }: Geometry): number {
  const fitting = Math.max(leastPixels, 4 * Math.floor(blockBytes / (16 * taps)));
  return fitting >= pixels ? pixels : fitting;
}

/** Bytes of a block of the column matrix, and of what copying may write past its end. */
export const columnBytes = (g: Geometry, pixels: number): number =>
  g.pointwise ? 0 : 16 * Math.ceil((pixels * g.taps * 4) / 16) + 16;

/** Bytes of a padded copy of one image. */
export const paddedBytes = (g: Pick<Geometry, "padded" | "reach" | "c">): number =>
  g.padded ? 16 * Math.ceil((g.reach[0] * g.reach[1] * g.c * 4) / 16) : 0;
