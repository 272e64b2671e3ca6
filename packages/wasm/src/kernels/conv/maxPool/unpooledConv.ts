import { isExactCover, type PoolSpec, type ConvSpec } from "@tenon/plan";
import { type Conv2dAttrs, sameShape, windows } from "@tenon/tensor";
import { poolOf, type Pool } from "../../pool/poolWindows.js";
import { geometry, type Geometry } from "../geometry.js";
import { winogradFilterPays } from "../winograd/winogradFilter.js";
import { productsOf, tileGrid, winogradFits } from "../winograd/tileGrid.js";

/**
 * A convolution followed by a max pool, for the gradients of both: the gradient with respect to the
 * convolution's output is unpool(g, indices), which has one element of g for each window of the
 * pool, at the window's argmax, and zeros elsewhere. Kernels that take g and the indices themselves
 * neither store those zeros nor multiply by them.
 */
export interface UnpooledConv {
  readonly key: string;
  readonly conv: Geometry;
  readonly attrs: Conv2dAttrs;
  readonly pool: Pool;
  /** Windows of the pool in one image, of one channel. */
  readonly windows: number;
  /** Multiplications and additions if no element of g is zero. */
  readonly flops: number;
}

/** From the convolution's own spec and that of the pool behind it. */
export function unpooledConvOf(spec: ConvSpec, pooled: PoolSpec): UnpooledConv {
  const conv = geometry(spec);
  const pool = poolOf(pooled);
  const count = pool.rows * pool.columns;
  return {
    key: `${conv.key} ${pooled.attrs.window.join("x")}`,
    conv,
    pool,
    attrs: spec.attrs,
    windows: count,
    flops: 2 * conv.images * count * conv.taps * conv.o,
  };
}

/**
 * Whether `unpoolConv2dInput` and `unpoolConv2dFilter` can compute the gradients: the pool's
 * windows tile the convolution's output, and each row of an input patch is contiguous.
 */
export function unpoolConv2dFits({ x, w, attrs }: ConvSpec, pool: PoolSpec): boolean {
  const [rows, columns] = windows(attrs.image, attrs.kernel, attrs);
  return (
    attrs.groups === 1 &&
    attrs.dilation.every((n) => n === 1) &&
    [...x, ...w, ...pool.x].every((n) => n > 0) &&
    sameShape(pool.x, [x[0]!, rows, columns, w[3]!]) &&
    isExactCover(pool) &&
    poolOf(pool).rows * poolOf(pool).columns > 0
  );
}

/**
 * Whether so few products are left that they are faster than unpooling first: each costs more than
 * in a matrix product, since its operands are found through a list. Chosen by `bench/zeros`.
 */
function needsFewProducts(spec: ConvSpec, pool: PoolSpec, winograd: boolean): boolean {
  const [rows, columns] = pool.attrs.window;
  if (!winograd) return rows * columns >= 2;
  const grid = tileGrid(spec);
  return unpooledConvOf(spec, pool).flops <= 0.85 * 2 * productsOf(grid, grid.allRows);
}

/** Whether `unpoolConv2dFilter` is faster than unpooling first. */
export function unpoolConv2dFilterPays(spec: ConvSpec, pool: PoolSpec): boolean {
  const channels = spec.x[3]!;
  return (
    unpoolConv2dFits(spec, pool) &&
    (channels % 4 === 0 || channels < 16) &&
    needsFewProducts(spec, pool, winogradFilterPays(spec))
  );
}

/**
 * With fewer products for each element of g, finding their operands takes longer than the products.
 */
const leastTaps = 32;

/**
 * Whether `unpoolConv2dInput` is faster than unpooling first: with few channels a row of a patch is
 * too short, and Winograd's convolution is faster if lists of all outputs do not fit into L2.
 */
export function unpoolConv2dInputPays(spec: ConvSpec, pool: PoolSpec): boolean {
  const [kh, kw, channels, outputs] = spec.w as [number, number, number, number];
  const winograd = winogradFits(spec);
  return (
    unpoolConv2dFits(spec, pool) &&
    channels >= 4 &&
    kh * kw * channels >= leastTaps &&
    (!winograd || (channels >= 16 && outputs <= 128)) &&
    needsFewProducts(spec, pool, winograd)
  );
}
