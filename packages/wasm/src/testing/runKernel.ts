import { moduleBuilder, portable, type TargetFeatures } from "@tenon/emit";
import { moreFunctions } from "../math/more.js";
import type { Kernel } from "../kernels/kernel.js";

export type Words = Float32Array | Int32Array;

/** For tests and benches: a kernel with memory of its own, ready to be called. */
export interface KernelRun {
  /** Does all work items, or those of each range [begin, end) in turn. */
  run(ranges?: readonly (readonly [number, number])[]): void;
  /** The memory of each array: outputs first. */
  readonly arrays: readonly Words[];
  /** Throws if anything was written beyond the end of an array or of the scratch memory. */
  check(): void;
}

/**
 * Compiles a kernel alone, with one array for each pointer. The memory between arrays is filled
 * with NaN, so that a kernel that depends on it fails.
 */
export function kernelRun(
  kernel: Kernel,
  arrays: readonly Words[],
  features: TargetFeatures = portable,
): KernelRun {
  if (arrays.length !== kernel.pointers)
    throw new Error(
      `kernelRun: expected ${kernel.pointers} arrays for ${kernel.key}, got ${arrays.length}`,
    );
  const offsets: number[] = [];
  let bytes = 64;
  for (const { length } of arrays) {
    offsets.push(bytes);
    bytes += Math.ceil((4 * length + 16) / 64) * 64;
  }
  const pages = Math.ceil((bytes + kernel.scratch + 64) / 65536);
  const module = moduleBuilder({ features, functions: moreFunctions });
  kernel.emit(module);
  const memory = new WebAssembly.Memory({ initial: pages });
  new Float32Array(memory.buffer).fill(NaN);
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(module.toBytes()), {
    env: { memory },
  });
  const call = exports[kernel.key] as (...args: number[]) => void;
  const pointers = kernel.scratch > 0 ? [...offsets, bytes] : offsets;
  const views = arrays.map((array, i) => {
    const view =
      array.constructor === Int32Array
        ? new Int32Array(memory.buffer, offsets[i], array.length)
        : new Float32Array(memory.buffer, offsets[i], array.length);
    view.set(array);
    return view;
  });
  return {
    arrays: views,
    run(ranges = [[0, kernel.workItems]]) {
      for (const [begin, end] of ranges) call(...pointers, begin, end);
    },
    check() {
      const words = new Uint32Array(memory.buffer);
      const untouched = (what: string, from: number, to: number): void => {
        for (let index = Math.ceil(from / 4); index < to / 4; index++)
          if (words[index] !== words[0])
            throw new Error(
              `${kernel.key}: wrote behind ${what}, ${4 * index - from} bytes past its end`,
            );
      };
      arrays.forEach(({ length }, i) =>
        untouched(`array ${i}`, offsets[i]! + 4 * length, offsets[i + 1] ?? bytes),
      );
      untouched("its scratch memory", bytes + kernel.scratch, memory.buffer.byteLength);
    },
  };
}
