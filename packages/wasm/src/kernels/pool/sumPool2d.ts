import type { Address, FunctionBuilder, I32 } from "@tenon/emit";
import * as f32x4 from "@tenon/emit/f32x4";
import * as i32 from "@tenon/emit/i32";
import * as v128 from "@tenon/emit/v128";
import type { PoolSpec } from "@tenon/plan";
import type { Kernel } from "../kernel.js";
import { storeLanes } from "../shared/segment.js";
import { poolOf } from "./poolWindows.js";
import { imagesOfWindows, rowsOfWindows } from "./windowKernels.js";

/**
 * The addresses of an array's channels at a cell, given the base of the window's first cell: cells
 * with this base are at a constant offset.
 */
export function cellAddresses(
  f: FunctionBuilder,
  array: Address,
  channel: I32,
  firstBase: I32,
): (base: I32) => Address {
  const first = f.let(i32.add(i32.add(array, firstBase), channel));
  return (base) => (base === firstBase ? first : i32.add(i32.add(array, base), channel));
}

/**
 * The sum of each window, added in row-major order. Pointers: the sums [n, rows, columns,
 * channels], the image.
 */
export function sumPool2d(spec: PoolSpec): Kernel {
  const pool = poolOf(spec);
  return rowsOfWindows({
    key: `sumPool2d/${pool.key}`,
    pool,
    pointers: 2,
    imagePointers: [0, 1],
    visit: ({ f, arrays: [sums, x] }, { output, first, cells }, { channel, lanes, all }) => {
      const to = f.let(i32.add(i32.add(sums!, output), channel));
      const address = cellAddresses(f, x!, channel, first.base);
      all((shift) => {
        const sum = f.local("v128", f32x4.const(0));
        cells(({ base, offset }) =>
          f.set(sum, f32x4.add(sum, v128.load(address(base), offset + shift))),
        );
        storeLanes(f, to, sum, lanes, shift);
      });
    },
  });
}

/**
 * Adds each window's element to all cells of the window: the adjoint of `sumPool2d`. Pointers: the
 * image, the windows' elements [n, rows, columns, channels].
 */
export function sumPool2dInput(spec: PoolSpec): Kernel {
  const pool = poolOf(spec);
  return imagesOfWindows({
    key: `sumPool2dInput/${pool.key}`,
    pool,
    pointers: 2,
    imagePointers: [0, 1],
    cleared: true,
    visit: (
      { f, arrays: [image, elements] },
      { output, first, cells },
      { channel, lanes, all },
    ) => {
      const element = f.let(i32.add(i32.add(elements!, output), channel));
      const address = cellAddresses(f, image!, channel, first.base);
      all((shift) => {
        const value = f.let(v128.load(element, shift));
        cells(({ base, offset }) => {
          const sum = f32x4.add(v128.load(address(base), offset + shift), value);
          storeLanes(f, address(base), sum, lanes, offset + shift);
        });
      });
    },
  });
}
