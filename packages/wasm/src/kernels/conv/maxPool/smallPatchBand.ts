import {
  strided,
  type FunctionBuilder,
  type FunctionIndex,
  type I32,
  type Local,
  type ModuleBuilder,
} from "@tenon/emit";
import * as i32 from "@tenon/emit/i32";
import * as i32x4 from "@tenon/emit/i32x4";
import * as v128 from "@tenon/emit/v128";
import { anyNonFinite } from "../../gemm/sparsityScan.js";
import { multiplyAdd } from "../../gemm/multiplyAdd.js";
import {
  bandParameters,
  eachBandWindow,
  eachFourOutputs,
  patchOf,
  windowLoader,
  type Band,
} from "./band.js";
import { patchBits } from "./inputPatch.js";
import type { UnpooledConv } from "./unpooledConv.js";

/** A window in the list: its first cell's index, its patch's address, its offset in `grads`. */
export const windowBytes = 12;

/**
 * Adds the products of a band to the gradients of some outputs, for kernels whose input patch is a
 * few vectors: dw[o] += Σ over windows of g[window, o] · patch(argmax[window, o]). The sums of four
 * outputs stay in registers. Windows whose patch is zero are left out, as in the margins of images,
 * unless an element of g is not finite.
 */
export function smallPatchBand(module: ModuleBuilder, unpooled: UnpooledConv): FunctionIndex {
  const { conv, attrs } = unpooled;
  const { vectorsPerRow, bytes, imageRowBytes } = patchOf(unpooled);
  /** Where the vectors of a patch are in the image, from its first cell on. */
  const vectorOffsets = Array.from(
    { length: attrs.kernel[0] * vectorsPerRow },
    (_, k) => Math.floor(k / vectorsPerRow) * imageRowBytes + 16 * (k % vectorsPerRow),
  );
  return module.func(`unpoolConv2dFilter/${unpooled.key}/few`, bandParameters, (f, band) => {
    const list = band.lists;
    const listEnd = listWindows(module, f, unpooled, band);
    const unpooledLanes = { grads: f.local("v128"), patches: f.local("v128") };
    const { grads, patches } = unpooledLanes;
    eachFourOutputs(f, conv.o, band, (outputs, lanes) => {
      const sums = Array.from({ length: lanes }, () => vectorOffsets.map(() => f.local("v128")));
      const eachSum = (visit: (sum: Local<"v128">, offset: number) => void): void =>
        sums.forEach((sumsOfOutput, lane) =>
          sumsOfOutput.forEach((sum, k) => visit(sum, lane * bytes + 16 * k)),
        );
      const to = f.let(strided(band.dw, outputs, bytes / 4));
      eachSum((sum, offset) => f.set(sum, v128.load(to, offset)));
      f.for(0, i32.sub(listEnd, list), windowBytes, (listed) => {
        const entry = f.let(i32.add(list, listed));
        const window = {
          firstCell: i32.load(entry),
          patch: i32.load(entry, 4),
          offset: i32.load(entry, 8),
        };
        windowLoader(f, unpooled, band, window)(outputs, unpooledLanes);
        const patch = f.local("i32");
        const grad = f.local("v128");
        f.block((exit) =>
          sums.forEach((sumsOfOutput, lane) => {
            // As in `addRows`: a test that is never true starts a new basic block.
            if (lane > 0) f.jumpIf(i32.eqz(patch), exit);
            f.set(patch, i32x4.lane(patches, lane));
            f.set(grad, v128.shuffle32(grads, grads, [lane, lane, lane, lane]));
            sumsOfOutput.forEach((sum, k) =>
              f.set(sum, multiplyAdd(module, sum, grad, v128.load(patch, vectorOffsets[k]!))),
            );
          }),
        );
      });
      eachSum((sum, offset) => f.store("v128", to, sum, offset));
    });
  });
}

/**
 * Emits code that lists the windows of a band whose patch is not zero, or all of them if an element
 * of `grads` is not finite; gives the end of the list.
 */
function listWindows(
  module: ModuleBuilder,
  f: FunctionBuilder,
  unpooled: UnpooledConv,
  band: Band,
): Local<"address"> {
  const { conv, attrs, pool } = unpooled;
  const { lists, grads, firstRow, untilRow } = band;
  const rowFloats = pool.columns * conv.o;
  f.call(
    anyNonFinite(module, { count: 1, stride: 0, sampling: 1 }),
    lists,
    strided(grads, firstRow, 4 * rowFloats),
    i32.mul(i32.sub(untilRow, firstRow), rowFloats),
  );
  const listAll: I32 = f.let(i32.load(lists));
  const end = f.local("address", lists);
  eachBandWindow(f, unpooled, band, ({ firstCell, patch, offset }) =>
    f.if(i32.or(v128.any(patchBits(conv, attrs, pool, patch)), listAll), () => {
      [firstCell, patch, offset].forEach((value, k) => f.store("i32", end, value, 4 * k));
      f.bump(end, windowBytes);
    }),
  );
  return end;
}
