import { i32x4, v128, type FunctionBuilder, type Index, type V128 } from "@tenon/emit";
import { sameShape, type Conv2dAttrs } from "@tenon/tensor";
import { winogradFilterPays } from "../winograd/winogradFilter.js";
import { windowsTile } from "../../pool/pool2d.js";
import { geometry, windows, type ConvSpec, type Geometry } from "../geometry.js";
import { poolOf, type Pool, type PoolSpec } from "../../pool/poolWindows.js";
import { productsOf, tilesOf, winogradFits } from "../winograd/winogradTiles.js";

/**
 * A convolution whose output's gradient comes from a max pool behind it: one number for each
 * window, at the one of its cells that was the largest. All else is zero, and nobody writes it
 * down.
 */
export interface Routes {
  readonly key: string;
  readonly conv: Geometry;
  readonly attrs: Conv2dAttrs;
  readonly pool: Pool;
  /** Windows of one image. */
  readonly windows: number;
  /** Multiplications and additions, if no number is zero. */
  readonly flops: number;
}

export function routesOf(spec: ConvSpec, pooled: PoolSpec): Routes {
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
 * Whether a convolution's gradients may be made of what a max pool sends back: its windows tile
 * what the convolution made, and what an output saw of a row of cells lies in a row.
 */
export function routesFit({ x, w, attrs }: ConvSpec, pool: PoolSpec): boolean {
  const [rows, columns] = windows(attrs.image, attrs.kernel, attrs);
  return (
    attrs.groups === 1 &&
    attrs.dilation.every((n) => n === 1) &&
    [...x, ...w, ...pool.x].every((n) => n > 0) &&
    sameShape(pool.x, [x[0]!, rows, columns, w[3]!]) &&
    windowsTile(pool) &&
    poolOf(pool).rows * poolOf(pool).columns > 0
  );
}

/**
 * Whether windows need so few products that it is faster to route them than to spread them first.
 * Of a number that lies anywhere each costs more than in a matrix product.
 */
const saves = (spec: ConvSpec, pool: PoolSpec, winograd: boolean): boolean => {
  const [rows, columns] = pool.attrs.window;
  if (!winograd) return rows * columns >= 2;
  const t = tilesOf(spec);
  return routesOf(spec, pool).flops <= 0.85 * 2 * productsOf(t, t.lines);
};

/** Whether a kernel's gradient is best made of routed numbers. */
export function unpoolConv2dFilterPays(spec: ConvSpec, pool: PoolSpec): boolean {
  const c = spec.x[3]!;
  return (
    routesFit(spec, pool) && (c % 4 === 0 || c < 16) && saves(spec, pool, winogradFilterPays(spec))
  );
}

/** A number that is routed to fewer costs more to find than to multiply. */
const leastTaps = 32;

/**
 * Whether an image's gradient is: of few channels a row is too short, and Winograd's way is the
 * faster with as many outputs as do not stay in the cache.
 */
export function unpoolConv2dInputPays(spec: ConvSpec, pool: PoolSpec): boolean {
  const [kh, kw, c, o] = spec.w as [number, number, number, number];
  const winograd = winogradFits(spec);
  return (
    routesFit(spec, pool) &&
    c >= 4 &&
    kh * kw * c >= leastTaps &&
    (!winograd || (c >= 16 && o <= 128)) &&
    saves(spec, pool, winograd)
  );
}

/**
 * How far four cells lie from the first of their window, in bytes: so many from one column to the
 * next, and from one row to the next. `first`: the first cell's position.
 */
export function cellBytes(
  f: FunctionBuilder,
  {
    attrs: {
      window: [rows],
      image: [, width],
    },
  }: Pool,
  positions: V128,
  first: Index,
  column: number,
  row: number,
): V128 {
  const from = f.local("v128", i32x4.sub(positions, i32x4.splat(first)));
  let bytes = i32x4.mul(from, i32x4.const(column));
  // One comparison for each row that a cell may lie below: windows are low.
  for (let k = 1; k < rows; k++)
    bytes = i32x4.add(
      bytes,
      v128.and(i32x4.geS(from, i32x4.const(k * width)), i32x4.const(row - width * column)),
    );
  return bytes;
}
