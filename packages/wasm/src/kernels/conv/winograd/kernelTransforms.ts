import {
  strided,
  type Address,
  type FunctionIndex,
  type I32,
  type Local,
  type ModuleBuilder,
  type V128,
} from "@tenon/emit";
import * as i32 from "@tenon/emit/i32";
import * as v128 from "@tenon/emit/v128";
import { lineElements } from "../../../machine.js";
import { kernelOf, type KernelBody } from "../../shared/kernelOf.js";
import type { Kernel, Stages } from "../../kernel.js";
import { packedPanels } from "../../gemm/panels.js";
import { kernel, kernelBack, transform2d } from "./algebra.js";
import type { TileGrid } from "./tileGrid.js";

type Channels = Pick<TileGrid, "channels" | "outputs">;

/** Flops of a transform from nine taps to 36 points, or back: about 18 and 36 short sums. */
const transformFlops = 4 * 54;

/** Bytes of the transformed kernel at one of 36 points. */
export const kernelPointBytes = ({ channels, outputs }: Channels): number => 4 * channels * outputs;

/**
 * From one point to the next: a cache line more, since with powers of two all 36 points would share
 * a few sets of L1, and each vector that is stored would come from L2.
 */
export const kernelPointStride = (channels: Channels): number =>
  kernelPointBytes(channels) + 4 * lineElements;

/**
 * U = G w Gᵀ for the whole kernel, in the panels that products read: panels of outputs, channel
 * after channel, or, `transposed`, panels of channels, output after output. Pointers: U, w. A work
 * item is a channel, or an output.
 */
export function transformKernels({ channels, outputs }: Channels, transposed: boolean): Kernel {
  const key = `winogradKernels/${channels}x${outputs}${transposed ? "/t" : ""}`;
  return kernelOf(
    {
      key,
      pointers: 2,
      workItems: transposed ? outputs : channels,
      flops: transformFlops * channels * outputs,
    },
    kernelTransformsBody({ channels, outputs }, transposed),
  );
}

function kernelTransformsBody({ channels, outputs }: Channels, transposed: boolean): KernelBody<2> {
  return (f, [u, w], { begin, end }, module) => {
    const [k, n] = transposed ? [outputs, channels] : [channels, outputs];
    const { width, full, kStride, tailKStride, panelStride } = packedPanels(n, k, module.features);
    const kernelOf = (row: I32, column: I32): Address =>
      strided(
        w,
        transposed
          ? i32.add(i32.mul(column, outputs), row)
          : i32.add(i32.mul(row, outputs), column),
        4,
      );
    f.for(begin, end, 1, (row) => {
      const transformColumns = (first: number, last: number, stride: number): void =>
        f.for(first, last, 4, (column) => {
          const offset = i32.add(
            i32.mul(i32.divU(column, width), panelStride),
            strided(i32.mul(row, stride), i32.and(column, width - 4), 4),
          );
          f.call(
            transformKernel(module, { channels, outputs }, transposed),
            i32.add(u, offset),
            kernelOf(row, column),
          );
        });
      transformColumns(0, width * full, kStride);
      transformColumns(width * full, n, tailKStride);
    });
  };
}

/** U = G w Gᵀ for four outputs of one channel, or four channels of one output: (u, w) → (). */
function transformKernel(
  module: ModuleBuilder,
  { channels, outputs }: Channels,
  transposed: boolean,
): FunctionIndex {
  const pointStride = kernelPointStride({ channels, outputs });
  const tap = (w: Local<"address">, row: number, column: number): V128 => {
    const offset = (3 * row + column) * kernelPointBytes({ channels, outputs });
    return transposed
      ? [1, 2, 3].reduce(
          (lanes, lane) => v128.loadLane(w, lane, lanes, offset + 4 * outputs * lane),
          v128.loadZero(w, offset),
        )
      : v128.load(w, offset);
  };
  const key = `winograd/kernel/${channels}x${outputs}${transposed ? "/t" : ""}`;
  return module.func(key, { u: "address", w: "address" }, (f, { u, w }) =>
    transform2d(f, {
      columns: [3, kernel],
      rows: [3, kernel],
      load: (row, column) => tap(w, row, column),
      store: (row, column, x) => f.store("v128", u, x, (6 * row + column) * pointStride),
    }),
  );
}

/**
 * dw = Gᵀ dU G. Pointers: dw [3, 3, channels, outputs], dU [36, channels, outputs], whose points
 * are `kernelPointStride` apart.
 */
export function transformKernelsBack({ channels, outputs }: Channels): Kernel {
  return kernelOf(
    {
      key: `winogradKernelBack/${channels}x${outputs}`,
      pointers: 2,
      workItems: channels,
      flops: transformFlops * channels * outputs,
    },
    (f, [dw, du], { begin, end }, module) =>
      f.for(begin, end, 1, (channel) =>
        f.for(0, outputs, 4, (output) => {
          const offset = f.let(i32.mul(i32.add(i32.mul(channel, outputs), output), 4));
          f.call(
            transformKernelBack(module, { channels, outputs }),
            i32.add(dw, offset),
            i32.add(du, offset),
          );
        }),
      ),
  );
}

/**
 * dw = Gᵀ dU G for four outputs of one channel, the adjoint of `transformKernel`: (dw, du) → ().
 */
function transformKernelBack(module: ModuleBuilder, grid: Channels): FunctionIndex {
  const [tapStride, pointStride] = [kernelPointBytes(grid), kernelPointStride(grid)];
  const key = `winograd/kernelBack/${tapStride}`;
  return module.func(key, { dw: "address", du: "address" }, (f, { dw, du }) =>
    transform2d(f, {
      columns: [6, kernelBack],
      rows: [6, kernelBack],
      load: (row, column) => v128.load(du, (6 * row + column) * pointStride),
      store: (row, column, x) => f.store("v128", dw, x, (3 * row + column) * tapStride),
    }),
  );
}

/**
 * The stages of a product with the transformed kernel. Operands: 0 the result, 1 the other factor,
 * 2 w; temporary 3: U. Pointers of `kernel`: the result, the other factor, U.
 */
export function withTransformedKernel(grid: TileGrid, kernel: Kernel, transposed: boolean): Stages {
  return {
    temporaries: [36 * kernelPointStride(grid)],
    stages: [
      { kernel: transformKernels(grid, transposed), operands: [3, 2] },
      { kernel, operands: [0, 1, 3] },
    ],
  };
}
