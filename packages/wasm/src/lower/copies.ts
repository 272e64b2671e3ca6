import type { ArraySpec } from "@tenon/contracts";
import { i32 } from "@tenon/emit";
import { copyLoop } from "@tenon/plan";
import type { Kernel } from "../kernels/kernel.js";
import { elementwise } from "../kernels/loop/elementwise.js";

/** Copies arrays in one call. Pointers: the copies, then the arrays. */
export function copies(arrays: readonly ArraySpec[]): Kernel {
  const kernels = arrays.map(({ shape }) => elementwise(copyLoop(shape, "float32")));
  const count = kernels.length;
  const key = `copies ${kernels.map((kernel) => kernel.key).join("; ")}`;
  return {
    key,
    pointers: 2 * count,
    workItems: 1,
    scratch: 0,
    flops: 0,
    emit: (module) =>
      module.once(key, () => {
        const functions = kernels.map((kernel) => kernel.emit(module));
        const params = new Array<"i32">(2 * count + 2).fill("i32");
        return module.func(key, params, (f, ...pointers) =>
          functions.forEach((copy, i) =>
            f.call(copy, pointers[i]!, pointers[count + i]!, 0, kernels[i]!.workItems),
          ),
        );
      }),
  };
}

/**
 * A kernel that does its work only if values are not calm. Two pointers more: `first`, whose second
 * word is 0 if the values so far are not calm, and `words`, whose third one is not 0 if the work is
 * to be done in any case.
 */
export function unlessCalm(kernel: Kernel): Kernel {
  const key = `${kernel.key} unless calm`;
  const pointers = kernel.pointers + 2;
  return {
    key,
    pointers,
    workItems: kernel.workItems,
    scratch: 0,
    // It is hardly ever done: threads need not share it.
    flops: 0,
    emit: (module) =>
      module.once(key, () => {
        const work = kernel.emit(module);
        const params = new Array<"i32">(pointers + 2).fill("i32");
        return module.func(key, params, (f, ...operands) => {
          const [first, words, begin, end] = operands.slice(-4);
          f.if(i32.or(i32.eqz(i32.load(first!, 4)), i32.load(words!, 8)), () =>
            f.call(work, ...operands.slice(0, -4), begin!, end!),
          );
        });
      }),
  };
}
