import * as i32 from "@tenon/emit/i32";
import type { Kernel } from "../kernels/kernel.js";
import { kernelOf } from "../kernels/shared/kernelOf.js";

/**
 * A kernel that does its work only if values are not calm. Two pointers more: `first`, whose second
 * word is 0 if the values so far are not calm, and `words`, whose third one is not 0 if the work is
 * to be done in any case. It has no operations: it hardly ever does anything, so threads need not
 * share it.
 */
export const unlessCalm = ({ key, pointers: count, workItems, emit }: Kernel): Kernel =>
  kernelOf(
    { key: `${key} unless calm`, pointers: count + 2, workItems },
    (f, pointers, { begin, end }, module) => {
      const first = pointers[count]!;
      const words = pointers[count + 1]!;
      f.if(i32.or(i32.eqz(i32.load(first, 4)), i32.load(words, 8)), () =>
        f.call(emit(module), ...pointers.slice(0, count), begin, end),
      );
    },
  );
