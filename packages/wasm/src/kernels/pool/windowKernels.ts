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
import { clear } from "../conv/im2col/im2col.js";
import type { Kernel } from "../kernel.js";
import { eachVectors, type Vectors } from "../shared/vectors.js";
import { imageItems } from "../shared/imageItems.js";
import { kernelOf } from "../shared/kernelOf.js";
import { addresses } from "../shared/workItems.js";
import { zeros } from "../shared/zeros.js";
import { eachWindow, type Pool, type Window } from "./poolWindows.js";

/** What the code of a window or of an image is emitted with. */
export interface PoolCode {
  readonly module: ModuleBuilder;
  readonly f: FunctionBuilder;
  /** The kernel's pointers: outputs, then inputs. */
  readonly arrays: readonly Local<"address">[];
}

export interface WindowKernel {
  readonly key: string;
  readonly pool: Pool;
  readonly pointers: number;
  /** Pointers to arrays with a row per image, of which each image reads or writes only its own. */
  readonly imagePointers: readonly number[];
  /** Emits the code of some channels of one window. */
  visit(code: PoolCode, window: Window, vectors: Vectors): void;
}

const flopsOf = (pool: Pool): number => ((pool.images * pool.outputBytes) / 4) * pool.cells;

/**
 * A kernel that reads windows: each writes only its own results. A work item is a row of windows.
 */
export function rowsOfWindows(kernel: WindowKernel): Kernel {
  const { key, pool, pointers, imagePointers } = kernel;
  const rows = pool.channels > 0 ? pool.rows : 0;
  return kernelOf(
    {
      key,
      pointers,
      workItems: pool.images * rows,
      ...imageItems(pool.images, rows, imagePointers),
      flops: flopsOf(pool),
    },
    (f, arrays, { begin, end }, module) =>
      f.for(begin, end, 1, (item) => {
        const image = f.let(i32.divU(item, pool.rows));
        const row = f.let(i32.remU(item, pool.rows));
        eachWindow(f, pool, image, row, (window) =>
          emitWindow({ module, f, arrays }, kernel, window),
        );
      }),
  );
}

export interface ImageKernel extends WindowKernel {
  /** Whether the image is filled with zeros first. */
  readonly cleared: boolean;
  /** Emits code for what is left of an image after its windows. */
  finish?(code: PoolCode, image: I32): void;
}

/** A kernel that writes the cells of windows: pointer 0 is the image. A work item is an image. */
export function imagesOfWindows(kernel: ImageKernel): Kernel {
  const { key, pool, pointers, imagePointers } = kernel;
  const count = (pool.images * pool.imageBytes) / 4;
  if (count === 0 || pool.rows * pool.columns === 0) return zeros({ key, count, pointers });
  return kernelOf(
    {
      key,
      pointers,
      workItems: pool.images,
      ...imageItems(pool.images, 1, imagePointers),
      flops: flopsOf(pool),
    },
    (f, arrays, { begin, end }, module) => {
      const oneImage = imageFunction(module, kernel);
      f.for(begin, end, 1, (image) => f.call(oneImage, ...arrays, image));
    },
  );
}

/** Emits the code of one window for all channels. */
function emitWindow(code: PoolCode, kernel: WindowKernel, window: Window): void {
  const { channels, unrolled } = kernel.pool;
  const visit = (vectors: Vectors): void => kernel.visit(code, window, vectors);
  eachVectors(code.f, code.module, channels, visit, { pairs: unrolled });
}

/** All windows of an image: (pointers…, image) → (). */
function imageFunction(module: ModuleBuilder, kernel: ImageKernel): FunctionIndex {
  const { key, pool, cleared } = kernel;
  const parameters = { arrays: addresses(kernel.pointers), image: "i32" } as const;
  return module.func(`${key}/image`, parameters, (f, { arrays, image }) => {
    const code: PoolCode = { module, f, arrays };
    if (cleared)
      f.call(
        clear(module, pool.imageBytes / 4),
        strided(arrays[0] as Address, image, pool.imageBytes),
      );
    f.for(0, pool.rows, 1, (row) =>
      eachWindow(f, pool, image, row, (window) => emitWindow(code, kernel, window)),
    );
    kernel.finish?.(code, image);
  });
}
