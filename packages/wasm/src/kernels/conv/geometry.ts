import type { Shape } from "@tenon/contracts";
import type { Conv2dAttrs } from "@tenon/tensor";

export interface ConvSpec {
  /** Image: [n, height, width, channels]. */
  readonly x: Shape;
  /** Kernel: [height, width, channels / groups, outputs]. */
  readonly w: Shape;
  readonly attrs: Conv2dAttrs;
}

/** A stretch of an image that lies side by side in memory and in a row of the column matrix. */
export interface Run {
  /** Bytes from the window's first cell. */
  readonly from: number;
  /** Bytes from the row's start. */
  readonly to: number;
  readonly floats: number;
}

/** A convolution in numbers: all that the code needs to know of it. Distances in bytes. */
export interface Geometry {
  readonly key: string;
  readonly images: number;
  readonly groups: number;
  /** Channels and outputs of one group, of all. */
  readonly cg: number;
  readonly og: number;
  readonly c: number;
  readonly o: number;
  /** Numbers under one window in one group: a row of the column matrix. */
  readonly taps: number;
  /** Windows of one image: rows of the column matrix. */
  readonly pixels: number;
  readonly columns: number;
  /** Rows and columns of the image as given. */
  readonly image: readonly [number, number];
  /** Rows and columns that windows reach, from the first window's first cell on. */
  readonly reach: readonly [number, number];
  /** How far outside the image the first window starts. */
  readonly before: readonly [number, number];
  /** Whether windows reach cells that the image does not have: then they look at a padded copy. */
  readonly padded: boolean;
  /**
   * Whether windows are single cells, all of them in order: then the image is the column matrix.
   */
  readonly pointwise: boolean;
  /** From one window to the one below, to the one beside. */
  readonly rowStep: number;
  readonly pixelStep: number;
  readonly runs: readonly Run[];
  readonly flops: number;
}

/** How many windows fit below each other, and beside each other. */
export function windows(
  image: readonly [number, number],
  kernel: readonly [number, number],
  {
    strides,
    padding,
    dilation = [1, 1],
  }: Pick<Conv2dAttrs, "strides" | "padding"> & Partial<Pick<Conv2dAttrs, "dilation">>,
): readonly [number, number] {
  const count = (d: 0 | 1): number =>
    Math.floor(
      (image[d] + padding[d][0] + padding[d][1] - dilation[d] * (kernel[d] - 1) - 1) / strides[d],
    ) + 1;
  return [count(0), count(1)];
}

export function geometry({ x, w, attrs }: ConvSpec): Geometry {
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
  const line = 4 * c * (padded ? reach[1] : width);
  const runs: Run[] = [];
  // Cells side by side are one run if nothing lies between them.
  const together = dilation[1] === 1 && groups === 1;
  for (let i = 0; i < kh; i++)
    for (let j = 0; j < (together ? 1 : kw); j++)
      runs.push({
        from: i * dilation[0] * line + j * dilation[1] * 4 * c,
        to: 4 * cg * (i * kw + j),
        floats: together ? kw * cg : cg,
      });
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
    runs,
    pointwise: kh === 1 && kw === 1 && !padded && strides[0] === 1 && strides[1] === 1,
    rowStep: strides[0] * line,
    pixelStep: strides[1] * 4 * c,
    flops: 2 * images * pixels * taps * o,
  };
}

/** Bytes of the column matrix that are built at a time. */
const blockBytes = 256 * 1024;
const leastPixels = 64;

/**
 * How many windows are worked on at a time: all of an image, or fours that fit into the second
 * cache.
 */
export function pixelsPerBlock({ taps, pixels }: Geometry): number {
  const fit = Math.max(leastPixels, 4 * Math.floor(blockBytes / (16 * taps)));
  return fit >= pixels ? pixels : fit;
}

/** Bytes of that part of the column matrix, and what copying may write past its end. */
export const columnBytes = (g: Geometry, pixels: number): number =>
  g.pointwise ? 0 : 16 * Math.ceil((pixels * g.taps * 4) / 16) + 16;

/** Bytes of a padded copy of one image. */
export const paddedBytes = (g: Geometry): number =>
  g.padded ? 16 * Math.ceil((g.reach[0] * g.reach[1] * g.c * 4) / 16) : 0;
