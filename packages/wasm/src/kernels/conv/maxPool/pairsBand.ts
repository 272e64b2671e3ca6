import { strided, type FunctionIndex, type ModuleBuilder, type V128 } from "@tenon/emit";
import * as f32x4 from "@tenon/emit/f32x4";
import * as i32 from "@tenon/emit/i32";
import * as v128 from "@tenon/emit/v128";
import { addScaledRows, nonzeroBytes } from "../../gemm/nonzeroLists.js";
import { loadFrom, storeTo } from "../../shared/lanes.js";
import { bandParameters, eachBandWindow, eachFourOutputs, patchOf, windowLoader } from "./band.js";
import { patchBits } from "./inputPatch.js";
import { patchVectors } from "./patchVectors.js";
import type { UnpooledConv } from "./unpooledConv.js";

/** Bytes of the pairs of one window. */
export const pairsBytes = ({ conv }: UnpooledConv): number =>
  4 * nonzeroBytes * Math.ceil(conv.o / 4);

/** All bits zero where values are finite, else no number. */
const differenceFromItself = (values: V128): V128 => f32x4.sub(values, values);

/**
 * Adds the products of a band to the gradients of some outputs, for kernels whose input patch is
 * small: dw[o] += Σ over windows of g[window, o] · patch(argmax[window, o]). First pairs (g, the
 * address of its patch) are stored for all windows and outputs, four at a time; then sums of one
 * output stay in registers. Windows whose patch is zero are left
 * out, as in the margins of images, unless one of its elements of g is not finite; zero elements of
 * g are not.
 */
export function pairsBand(module: ModuleBuilder, unpooled: UnpooledConv): FunctionIndex {
  const { conv, pool, attrs, key } = unpooled;
  const { bytes } = patchOf(unpooled);
  const stride = pairsBytes(unpooled);
  const { vectors } = patchVectors(module, unpooled);
  return module.func(`unpoolConv2dFilter/${key}/pairs`, bandParameters, (f, band) => {
    const { dw, lists, firstOutput, untilOutput } = band;
    const to = { grads: f.local("v128"), patches: f.local("v128") };
    const end = f.local("address", lists);
    eachBandWindow(f, unpooled, band, (window) => {
      const load = windowLoader(f, unpooled, band, window);
      const bits = f.let(patchBits(conv, attrs, pool, window.patch));
      eachFourOutputs(f, conv.o, band, (output) => {
        load(output, to);
        const pairs = f.let(i32.add(end, i32.shl(output, 1)));
        f.store("v128", pairs, v128.shuffle32(to.grads, to.patches, [0, 4, 1, 5]));
        f.store("v128", pairs, v128.shuffle32(to.grads, to.patches, [2, 6, 3, 7]), 16);
        f.set(bits, v128.or(bits, differenceFromItself(to.grads)));
      });
      // The next window overwrites what was left out: no processor could predict a branch.
      f.bump(end, i32.select(v128.any(bits), i32.const(stride), i32.const(0)));
    });
    const sums = f.locals("v128", vectors.length);
    const gradient = f.let(strided(dw, firstOutput, bytes / 4));
    f.for(firstOutput, untilOutput, 4, (output) => {
      sums.forEach((sum, k) => f.set(sum, loadFrom(gradient, vectors[k]!.gradient)));
      addScaledRows(module, f, {
        sums,
        offsets: vectors.map(({ patch }) => patch),
        entry: f.let(i32.add(lists, i32.shl(output, 1))),
        stride,
        end,
        base: i32.const(0),
      });
      sums.forEach((sum, k) => storeTo(f, gradient, sum, vectors[k]!.gradient));
      f.bump(gradient, bytes);
    });
  });
}
