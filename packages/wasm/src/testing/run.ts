import { portable, type TargetFeatures } from "@tenon/emit";
import type { Kernel, Stages } from "../kernels/kernel.js";
import { kernelRun, type KernelRun, type Words } from "./runKernel.js";

const bitsOf = (x: Float32Array): Uint32Array => new Uint32Array(x.buffer, x.byteOffset, x.length);

/** Throws if not all bits are the same. */
function same(what: string, a: readonly Float32Array[], b: readonly Float32Array[]): void {
  a.forEach((x, i) => {
    const [words, others] = [bitsOf(x), bitsOf(b[i]!)];
    if (words.some((word, at) => word !== others[at])) throw new Error(`output ${i} of ${what}`);
  });
}

/**
 * The outputs in one call, after checking that other cuts give the same bits and that nothing else
 * was written.
 */
function outputsIn(
  features: TargetFeatures,
  kernel: Kernel,
  outputs: readonly number[],
  inputs: readonly Words[],
): Float32Array[] {
  const [whole, cut] = [0, 1].map(() =>
    kernelRun(
      kernel,
      [...outputs.map((length) => new Float32Array(length).fill(NaN)), ...inputs],
      features,
    ),
  ) as [KernelRun, KernelRun];
  whole.run();
  // No work items at all, too, wherever they are not.
  cut.run(
    [
      ...Array.from({ length: kernel.workItems }, (_, item) => [item, item + 1] as const),
      [0, 0],
      [kernel.workItems, kernel.workItems],
    ].reverse() as [number, number][],
  );
  whole.check();
  cut.check();
  const [made, other] = [whole, cut].map(({ arrays }) =>
    arrays.slice(0, outputs.length).map((x) => new Float32Array(x.slice().buffer)),
  ) as [Float32Array[], Float32Array[]];
  same(`${kernel.key} depends on the cut into calls`, made, other);
  return made;
}

/** What `make` gives, after checking that code for 256 bits gives the same. */
function inBoth(what: string, make: (features: TargetFeatures) => Float32Array[]): Float32Array[] {
  const made = make(portable);
  same(`${what} differs in code for 256 bits`, made, make({ ...portable, vectors256: true }));
  return made;
}

/** For tests: a kernel's outputs, which do not depend on the cut into calls or on the target features. */
export function outputsOf(
  kernel: Kernel,
  outputs: readonly number[],
  inputs: readonly Words[],
): Float32Array[] {
  return inBoth(kernel.key, (features) => outputsIn(features, kernel, outputs, inputs));
}

/**
 * What several kernels come to, each checked like one; what they pass on may lie otherwise in wide
 * code.
 */
export function outputsOfStages(
  { temporaries, stages }: Stages,
  outputs: readonly number[],
  inputs: readonly Words[],
): Float32Array[] {
  return inBoth(stages.map(({ kernel }) => kernel.key).join(), (features) => {
    const arrays: Words[] = [
      ...outputs.map((length) => new Float32Array(length)),
      ...inputs,
      ...temporaries.map((bytes) => new Float32Array(bytes / 4)),
    ];
    const there = new Set(inputs.map((_, i) => outputs.length + i));
    for (const { kernel, operands } of stages) {
      // A kernel writes what nobody has written yet, and reads the rest.
      const to = operands.filter((i) => !there.has(i));
      outputsIn(
        features,
        kernel,
        to.map((i) => arrays[i]!.length),
        operands.slice(to.length).map((i) => arrays[i]!),
      ).forEach((made, k) => {
        arrays[to[k]!] = made;
        there.add(to[k]!);
      });
    }
    return arrays.slice(0, outputs.length) as Float32Array[];
  });
}

/** The same of kernels with one result. */
export function outputOfStages(
  stages: Stages,
  output: number,
  inputs: readonly Words[],
): Float32Array {
  return outputsOfStages(stages, [output], inputs)[0]!;
}
