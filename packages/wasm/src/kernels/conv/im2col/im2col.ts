import {
  strided,
  type Address,
  type FunctionBuilder,
  type FunctionIndex,
  type I32,
  type Local,
  type ModuleBuilder,
} from "@tenon/emit";
import * as i32 from "@tenon/emit/i32";
import { paddedBytes, type Geometry } from "../geometry.js";
import { addSegment, copySegment, zeroSegment } from "../../shared/segment.js";

/**
 * Copies the values under windows `first`, `first + 1`, … of an image to rows of the column matrix
 * [count, taps]: (columns, image, first, count) → ().
 */
export function im2col(module: ModuleBuilder, g: Geometry): FunctionIndex {
  return eachWindow(module, `im2col/${g.key}/${g.groups}`, g, (f, columns, window) => {
    for (const { from, to, floats } of g.segments)
      copySegment(f, columns, window, floats, { from, to, spill: true });
  });
}

/**
 * Adds rows of the column matrix to the values under windows, the adjoint of `im2col`:
 * (columns, image, first, count) → ().
 */
export function col2im(module: ModuleBuilder, g: Geometry): FunctionIndex {
  return eachWindow(module, `col2im/${g.key}/${g.groups}`, g, (f, columns, window) => {
    for (const { from, to, floats } of g.segments)
      addSegment(f, window, columns, floats, { from: to, to: from });
  });
}

function eachWindow(
  module: ModuleBuilder,
  key: string,
  { columns, rowStride, pixelStride, taps }: Geometry,
  visit: (f: FunctionBuilder, row: Address, window: Address) => void,
): FunctionIndex {
  const params = { row: "address", image: "address", first: "i32", count: "i32" } as const;
  return module.func(key, params, (f, { row, image, first, count }) => {
    const column = f.let(i32.remU(first, columns));
    const windowOffset = strided(i32.mul(i32.divU(first, columns), rowStride), column, pixelStride);
    const window = f.let(i32.add(image, windowOffset));
    f.for(0, count, 1, () => {
      visit(f, row, window);
      f.bump(row, 4 * taps);
      f.bump(window, pixelStride);
      f.bump(column, 1);
      f.if(i32.eq(column, columns), () => {
        f.set(column, 0);
        f.bump(window, rowStride - columns * pixelStride);
      });
    });
  });
}

/** The part of a geometry that describes a padded copy of an image. */
export type Frame = Pick<Geometry, "key" | "image" | "reach" | "before" | "padded" | "c">;

/** Rows and columns of the image that its padded copy holds: those that windows reach. */
function copiedSize({ image, reach, before }: Frame): readonly [number, number] {
  return [
    Math.max(0, Math.min(image[0], reach[0] - before[0])),
    Math.max(0, Math.min(image[1], reach[1] - before[1])),
  ];
}

/** Copies an image into a padded one, whose border stays unchanged: (padded, image) → (). */
export function padImage(module: ModuleBuilder, g: Frame): FunctionIndex {
  const columns = copiedSize(g)[1];
  return eachRow(module, `pad/${g.key}`, g, (f, padded, image) =>
    copySegment(f, padded, image, columns * g.c),
  );
}

/**
 * A function that emits the address of an image of the batch `x`, or of its copy at `padded`, which
 * stays there for as long as it is asked for.
 */
export function imagesOf(
  module: ModuleBuilder,
  f: FunctionBuilder,
  g: Frame,
  x: Address,
  padded: Local<"address">,
): (image: Local<"i32">) => Local<"address"> {
  const addressOf = (image: I32): Local<"address"> =>
    f.let(strided(x, image, 4 * g.image[0] * g.image[1] * g.c));
  if (!g.padded) return addressOf;
  f.call(clear(module, paddedBytes(g) / 4), padded);
  const copied = f.let(-1);
  return (image) => {
    const from = addressOf(image);
    f.if(i32.ne(image, copied), () => f.call(padImage(module, g), padded, from));
    f.set(copied, image);
    f.set(from, padded);
    return from;
  };
}

/**
 * Copies the image out of a padded one: (padded, image) → (). Cells that windows do not reach stay
 * unchanged.
 */
export function cropImage(module: ModuleBuilder, g: Frame): FunctionIndex {
  const columns = copiedSize(g)[1];
  return eachRow(module, `crop/${g.key}`, g, (f, padded, image) =>
    copySegment(f, image, padded, columns * g.c),
  );
}

function eachRow(
  module: ModuleBuilder,
  key: string,
  g: Frame,
  visit: (f: FunctionBuilder, padded: Address, image: Address) => void,
): FunctionIndex {
  return module.func(key, { padded: "address", image: "address" }, (f, { padded, image }) => {
    f.bump(padded, 4 * g.c * (g.before[0] * g.reach[1] + g.before[1]));
    f.for(0, copiedSize(g)[0], 1, () => {
      visit(f, padded, image);
      f.bump(padded, 4 * g.c * g.reach[1]);
      f.bump(image, 4 * g.c * g.image[1]);
    });
  });
}

/** Fills an array with zeros: (to) → (). */
export function clear(module: ModuleBuilder, floats: number): FunctionIndex {
  const key = `clear/${floats}`;
  return module.func(key, { to: "address" }, (f, { to }) => zeroSegment(f, to, floats));
}
