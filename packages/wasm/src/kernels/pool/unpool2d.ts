import type { FunctionBuilder, I32, Local, V128 } from "@tenon/emit";
import * as f32x4 from "@tenon/emit/f32x4";
import * as i32 from "@tenon/emit/i32";
import * as i32x4 from "@tenon/emit/i32x4";
import * as v128 from "@tenon/emit/v128";
import { isExactCover, isNonOverlapping, type PoolSpec } from "@tenon/plan";
import type { Kernel } from "../kernel.js";
import { emitBody } from "../loop/body.js";
import { keyOf, type Loop } from "../loop/loop.js";
import { storeLanes } from "../shared/segment.js";
import { eachVectors } from "../shared/vectors.js";
import { checkReadsAsImage, identity, inputReader, inputsPerCell } from "./fusedInputs.js";
import { checkFits } from "../shared/checkFits.js";
import { eachCellOutside, poolOf, type Cell } from "./poolWindows.js";
import { cellAddresses } from "./sumPool2d.js";
import { imagesOfWindows } from "./windowKernels.js";

/** An elementwise expression that is computed from the unpooled array, cell by cell. */
export interface UnpoolEpilogue {
  /** Its inputs must be `readsAsImage`. */
  readonly loop: Loop;
  /** Which of its inputs is the unpooled array. */
  readonly input: number;
}

/**
 * Max unpool: each window's element at the cell of its argmax index, zeros in all other cells; the
 * adjoint of gathering at those indices. Windows must be disjoint. With an epilogue the result is
 * its output, and windows must tile the image. `spec` is the pool's own. Pointers: the image, the
 * windows' elements [n, rows, columns, channels], their argmax indices (int32), and the epilogue's
 * other inputs.
 */
export function unpool2d(spec: PoolSpec, epilogue?: UnpoolEpilogue): Kernel {
  const pool = poolOf(spec);
  const tile = isExactCover(spec);
  const { loop, input } = epilogue ?? { loop: identity(spec.x), input: 0 };
  const fits = epilogue ? tile : isNonOverlapping(spec);
  checkFits(fits, "windows that do not overlap", pool.key);
  checkReadsAsImage(loop);
  const otherInputs = inputsPerCell(loop).filter((k) => k !== input);
  return imagesOfWindows({
    key: `unpool2d/${pool.key}${epilogue ? ` ${input} ${keyOf(loop)}` : ""}`,
    pool,
    pointers: 2 + loop.inputs.length,
    imagePointers: [0, 1, 2, ...otherInputs.map((k) => 3 + k - Number(k > input))],
    cleared: !tile,
    visit: ({ f, arrays }, { output, first, cells }, { channel, lanes, all }) => {
      const [, elements, indices] = arrays;
      const writer = cellWriter(f, { loop, input }, arrays, {
        channel,
        lanes,
        firstBase: first.base,
      });
      const element = f.let(i32.add(i32.add(elements!, output), channel));
      const index = f.let(i32.add(i32.add(indices!, output), channel));
      all((shift) => {
        const write = writer(shift);
        const values = f.let(v128.load(element, shift));
        const argmax = f.let(v128.load(index, shift));
        cells((cell) => {
          const cellIndex = i32x4.splat(i32.add(cell.baseIndex, cell.indexOffset));
          write(cell, v128.and(values, i32x4.eq(argmax, cellIndex)));
        });
      });
    },
    ...(tile && {
      finish: ({ module, f, arrays }, image) =>
        eachCellOutside(f, pool, image, (base) =>
          eachVectors(f, module, pool.channels, ({ channel, lanes, all }) => {
            const writer = cellWriter(f, { loop, input }, arrays, {
              channel,
              lanes,
              firstBase: base,
            });
            all((shift) => writer(shift)({ base, offset: 0 }, f.let(f32x4.const(0))));
          }),
        ),
    }),
  });
}

interface WriterOptions {
  readonly channel: I32;
  readonly lanes: number;
  readonly firstBase: I32;
}

/**
 * Emits the addresses of a window's first cell; the result emits, for the vector `shift` bytes on,
 * the epilogue of an unpooled value at a cell and its store.
 */
function cellWriter(
  f: FunctionBuilder,
  { loop: { shape, inputs, body, outputs }, input }: UnpoolEpilogue,
  [image, , , ...others]: readonly Local<"address">[],
  { channel, lanes, firstBase }: WriterOptions,
): (shift: number) => (cell: Pick<Cell, "base" | "offset">, unpooled: V128) => void {
  // The unpooled array has no memory: the image is in its place among the inputs, and is not read.
  const arrays = [...others.slice(0, input), image!, ...others.slice(input)];
  const reader = inputReader(f, { shape, inputs }, { arrays, channel, firstBase });
  const address = cellAddresses(f, image!, channel, firstBase);
  return (shift) => {
    const load = reader(shift);
    return (cell, unpooled) => {
      const loadAt = (k: number): V128 => (k === input ? unpooled : load(k, cell));
      const value = emitBody(f, body, loadAt, outputs)(outputs[0]!);
      storeLanes(f, address(cell.base), value, lanes, cell.offset + shift);
    };
  };
}
