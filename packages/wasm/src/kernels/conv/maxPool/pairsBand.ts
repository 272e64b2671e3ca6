import {
  strided,
  type FunctionBuilder,
  type FunctionIndex,
  type I32,
  type Local,
  type ModuleBuilder,
} from "@tenon/emit";
import * as f32x4 from "@tenon/emit/f32x4";
import * as i32 from "@tenon/emit/i32";
import * as v128 from "@tenon/emit/v128";
import { multiplyAdd } from "../../gemm/multiplyAdd.js";
import { maxSums, nonzeroBytes } from "../../gemm/nonzeroLists.js";
import { loadFrom, storeTo, type Lanes } from "../../shared/lanes.js";
import {
  bandParameters,
  eachBandWindow,
  eachFourOutputs,
  patchOf,
  windowLoader,
  type Band,
} from "./band.js";
import { patchBits } from "./inputPatch.js";
import { patchVectors, type PatchVector } from "./patchVectors.js";
import type { UnpooledConv } from "./unpooledConv.js";

/** Outputs whose pairs are stored in one turn of a loop, if they are a multiple. */
export const outputsPerTurn = 8;

/** Bytes of the pairs of one window. */
export const pairsBytes = ({ conv }: UnpooledConv): number =>
  4 * nonzeroBytes * Math.ceil(conv.o / 4);

/**
 * Adds the products of a band to the gradients of some outputs, for kernels whose input patch is
 * small: dw[o] += Σ over windows of g[window, o] · patch(argmax[window, o]). First pairs (g, the
 * address of its patch) are stored for all windows and outputs, four at a time; then come the sums,
 * of as many outputs at a time as there are registers for. Windows whose patch is zero are left
 * out, as in the margins of images, unless one of their elements of g is not finite; zero elements
 * of g are not.
 */
export function pairsBand(module: ModuleBuilder, unpooled: UnpooledConv): FunctionIndex {
  const { conv, key } = unpooled;
  return module.func(`unpoolConv2dFilter/${key}/pairs`, bandParameters, (f, band) => {
    const { firstOutput, untilOutput } = band;
    const end = storePairs(f, unpooled, band);
    const { vectors } = patchVectors(module, unpooled);
    const together = [4, 2].find((n) => n * vectors.length <= maxSums(module)) ?? 1;
    const sums = f.locals("v128", together * vectors.length);
    const add = (from: I32, to: I32, outputs: number): void =>
      f.for(from, to, 4 * outputs, (output) =>
        addPairs(module, f, unpooled, band, {
          sums: sums.slice(0, outputs * vectors.length),
          vectors,
          output,
          end,
        }),
      );
    if (conv.o % together === 0) add(firstOutput, untilOutput, together);
    else {
      const whole = f.let(i32.and(untilOutput, -4 * together));
      add(firstOutput, whole, together);
      add(whole, untilOutput, 1);
    }
  });
}

/** Emits code that stores the pairs of a band; gives their end. */
function storePairs(f: FunctionBuilder, unpooled: UnpooledConv, band: Band): Local<"address"> {
  const { conv, pool, attrs } = unpooled;
  const to = { grads: f.local("v128"), patches: f.local("v128") };
  const end = f.local("address", band.lists);
  eachBandWindow(f, unpooled, band, (window) => {
    const load = windowLoader(f, unpooled, band, window);
    const bits = f.let(patchBits(conv, attrs, pool, window.patch));
    eachFourOutputs(
      f,
      conv.o,
      band,
      (output, _, shift) => {
        load(output, to, shift);
        const pairs = f.let(i32.add(end, i32.shl(output, 1)));
        f.store("v128", pairs, v128.shuffle32(to.grads, to.patches, [0, 4, 1, 5]), 2 * shift);
        f.store("v128", pairs, v128.shuffle32(to.grads, to.patches, [2, 6, 3, 7]), 2 * shift + 16);
        f.set(bits, v128.or(bits, f32x4.sub(to.grads, to.grads)));
      },
      conv.o % outputsPerTurn === 0 ? outputsPerTurn / 4 : 1,
    );
    // The next window overwrites what was left out: no processor could predict a branch.
    f.bump(end, i32.select(v128.any(bits), i32.const(pairsBytes(unpooled)), i32.const(0)));
  });
  return end;
}

interface Pairs {
  readonly sums: readonly Local<"v128">[];
  readonly vectors: readonly PatchVector[];
  /** The first output, in bytes of a float32 each. */
  readonly output: I32;
  readonly end: Local<"address">;
}

/** Emits the sums of as many outputs as `sums` has room for, over all pairs. */
function addPairs(
  module: ModuleBuilder,
  f: FunctionBuilder,
  unpooled: UnpooledConv,
  { dw, lists }: Band,
  { sums, vectors, output, end }: Pairs,
): void {
  const { bytes } = patchOf(unpooled);
  const gradients = f.let(strided(dw, output, bytes / 4));
  const at = sums.map((_, k) =>
    moved(vectors[k % vectors.length]!.gradient, bytes * Math.floor(k / vectors.length)),
  );
  sums.forEach((sum, k) => f.set(sum, loadFrom(gradients, at[k]!)));
  const entry = f.let(i32.add(lists, i32.shl(output, 1)));
  f.if(i32.ltU(entry, end), () =>
    f.repeat((again, exit) => {
      const [value, row] = [f.local("v128"), f.local("i32")];
      sums.forEach((sum, k) => {
        const vector = k % vectors.length;
        // As in `addScaledRows`: a test that is never true starts a new basic block.
        if (k > 0 && vector % 4 === 0 && !module.features.vectors256) f.jumpIf(i32.eqz(row), exit);
        if (vector === 0) {
          const pair = (nonzeroBytes * k) / vectors.length;
          f.set(value, v128.loadSplat(entry, pair));
          f.set(row, i32.load(entry, pair + 4));
        }
        f.set(sum, multiplyAdd(module, sum, value, loadFrom(row, vectors[vector]!.patch)));
      });
      f.bump(entry, pairsBytes(unpooled));
      f.jumpIf(i32.ltU(entry, end), again);
    }),
  );
  sums.forEach((sum, k) => storeTo(f, gradients, sum, at[k]!));
}

/** The same vector, some bytes further on. */
const moved = (lanes: Lanes, by: number): Lanes =>
  typeof lanes === "number" ? lanes + by : lanes.map((lane) => lane + by);
