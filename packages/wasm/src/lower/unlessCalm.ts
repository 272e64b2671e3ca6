import { i32 } from "@tenon/emit";
import type { Kernel } from "../kernels/kernel.js";
import { addresses } from "../kernels/shared/workItems.js";

/**
 * A kernel that does its work only if values are not calm. Two pointers more: `first`, whose second
 * word is 0 if the values so far are not calm, and `words`, whose third one is not 0 if the work is
 * to be done in any case.
 */
export function unlessCalm(kernel: Kernel): Kernel {
  const key = `${kernel.key} unless calm`;
  return {
    key,
    pointers: kernel.pointers + 2,
    workItems: kernel.workItems,
    scratch: 0,
    // It is hardly ever done: threads need not share it.
    flops: 0,
    emit: (module) =>
      module.once(key, () => {
        const work = kernel.emit(module);
        const params = {
          operands: addresses(kernel.pointers),
          first: "address",
          words: "address",
          begin: "i32",
          end: "i32",
        } as const;
        return module.func(key, params, (f, { operands, first, words, begin, end }) =>
          f.if(i32.or(i32.eqz(i32.load(first, 4)), i32.load(words, 8)), () =>
            f.call(work, ...operands, begin, end),
          ),
        );
      }),
  };
}
