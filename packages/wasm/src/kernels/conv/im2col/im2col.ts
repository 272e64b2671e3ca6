import {
  i32,
  type FunctionBuilder,
  type FunctionIndex,
  type Local,
  type ModuleBuilder,
} from "@tenon/emit";
import type { Geometry } from "../geometry.js";
import { addSegment, copySegment, zeroSegment } from "../../shared/segment.js";

/**
 * Lays what windows `first`, `first + 1`, … of an image see into rows of a matrix: (to, image,
 * first, count) → ().
 */
export function im2col(module: ModuleBuilder, g: Geometry): FunctionIndex {
  return windowsOf(module, `im2col/${g.key}/${g.groups}`, g, (f, columns, window) => {
    for (const { from, to, floats } of g.runs)
      copySegment(f, columns, window, floats, { from, to, spill: true });
  });
}

/**
 * Adds rows of a matrix to what windows see: the adjoint of `im2col`. (from, image, first, count) →
 * ()
 */
export function col2im(module: ModuleBuilder, g: Geometry): FunctionIndex {
  return windowsOf(module, `col2im/${g.key}/${g.groups}`, g, (f, columns, window) => {
    for (const { from, to, floats } of g.runs)
      addSegment(f, window, columns, floats, { from: to, to: from });
  });
}

function windowsOf(
  module: ModuleBuilder,
  key: string,
  g: Geometry,
  visit: (f: FunctionBuilder, row: Local, window: Local) => void,
): FunctionIndex {
  return module.once(key, () =>
    module.func(key, ["i32", "i32", "i32", "i32"], (f, row, image, first, count) => {
      const i = f.local("i32");
      const column = f.local("i32", i32.remU(first!, g.columns));
      const window = f.local("i32");
      f.set(
        window,
        i32.add(
          image!,
          i32.add(i32.mul(i32.divU(first!, g.columns), g.rowStep), i32.mul(column, g.pixelStep)),
        ),
      );
      f.loop(i, 0, count!, 1, () => {
        visit(f, row!, window);
        f.bump(row!, 4 * g.taps);
        f.bump(window, g.pixelStep);
        f.bump(column, 1);
        f.if(i32.eq(column, g.columns), () => {
          f.set(column, i32.const(0));
          f.bump(window, g.rowStep - g.columns * g.pixelStep);
        });
      });
    }),
  );
}

/** What copying into a padded image needs to know. */
export type Frame = Pick<Geometry, "key" | "image" | "reach" | "before" | "c">;

/** The part of an image that a padded copy of it holds: rows and columns that windows reach. */
function inside({ image, reach, before }: Frame): readonly [number, number] {
  return [
    Math.max(0, Math.min(image[0], reach[0] - before[0])),
    Math.max(0, Math.min(image[1], reach[1] - before[1])),
  ];
}

/** Copies an image into a padded one, whose border stays as it is: (padded, image) → (). */
export function padImage(module: ModuleBuilder, g: Frame): FunctionIndex {
  const [rows, columns] = inside(g);
  return lines(module, `pad/${g.key}`, g, rows, (f, padded, image) =>
    copySegment(f, padded, image, columns * g.c),
  );
}

/**
 * Copies what lies within a padded image: (padded, image) → (). Cells that windows never reach stay
 * as they are.
 */
export function cropImage(module: ModuleBuilder, g: Frame): FunctionIndex {
  const [rows, columns] = inside(g);
  return lines(module, `crop/${g.key}`, g, rows, (f, padded, image) =>
    copySegment(f, image, padded, columns * g.c),
  );
}

function lines(
  module: ModuleBuilder,
  key: string,
  g: Frame,
  rows: number,
  visit: (f: FunctionBuilder, padded: Local, image: Local) => void,
): FunctionIndex {
  return module.once(key, () =>
    module.func(key, ["i32", "i32"], (f, padded, image) => {
      const i = f.local("i32");
      f.bump(padded!, 4 * g.c * (g.before[0] * g.reach[1] + g.before[1]));
      f.loop(i, 0, rows, 1, () => {
        visit(f, padded!, image!);
        f.bump(padded!, 4 * g.c * g.reach[1]);
        f.bump(image!, 4 * g.c * g.image[1]);
      });
    }),
  );
}

/** Fills numbers with zeros: (to) → (). */
export function clear(module: ModuleBuilder, floats: number): FunctionIndex {
  const key = `clear/${floats}`;
  return module.once(key, () => module.func(key, ["i32"], (f, to) => zeroSegment(f, to!, floats)));
}
