import { portable, type TargetFeatures } from "@tenon/emit";
import type { Kernel, Stages } from "../kernels/kernel.js";
import { kernelRun, type KernelRun, type Words } from "./runKernel.js";

const bitsOf = (x: Float32Array): Uint32Array => new Uint32Array(x.buffer, x.byteOffset, x.length);

/** Throws unless all bits are equal. */
function expectSameBits(
  what: string,
  actual: readonly Float32Array[],
  expected: readonly Float32Array[],
): void {
  actual.forEach((output, k) => {
    const bits = bitsOf(output);
    const expectedBits = bitsOf(expected[k]!);
    if (bits.some((word, i) => word !== expectedBits[i])) throw new Error(`output ${k} of ${what}`);
  });
}

/**
 * The outputs of one call that does all work items, after checking that one call for each item
 * gives the same bits, in any order, and that nothing else was written.
 */
function outputsFor(
  features: TargetFeatures,
  kernel: Kernel,
  outputs: readonly number[],
  inputs: readonly Words[],
): Float32Array[] {
  const { key, workItems } = kernel;
  const start = (): KernelRun =>
    kernelRun(
      kernel,
      [...outputs.map((length) => new Float32Array(length).fill(NaN)), ...inputs],
      features,
    );
  const atOnce = start();
  const byItem = start();
  atOnce.run();
  // Also ranges without any item, before the first and after the last.
  byItem.run([
    [workItems, workItems],
    [0, 0],
    ...Array.from({ length: workItems }, (_, k) => [k, k + 1] as const).reverse(),
  ]);
  atOnce.check();
  byItem.check();
  const outputsOfRun = ({ arrays }: KernelRun): Float32Array[] =>
    arrays.slice(0, outputs.length).map((x) => new Float32Array(x.slice().buffer));
  const result = outputsOfRun(atOnce);
  expectSameBits(`${key} depends on the cut into calls`, result, outputsOfRun(byItem));
  return result;
}

/**
 * The result for portable code, after checking that code for 256-bit vectors gives the same bits.
 */
function forBothWidths(
  what: string,
  outputsWith: (features: TargetFeatures) => Float32Array[],
): Float32Array[] {
  const result = outputsWith(portable);
  const wide = outputsWith({ ...portable, vectors256: true });
  expectSameBits(`${what} differs in code for 256-bit vectors`, result, wide);
  return result;
}

/**
 * For tests: the outputs of a kernel, after checking that they depend neither on the cut into calls
 * nor on the width of vectors. `outputs`: the elements of each.
 */
export function outputsOf(
  kernel: Kernel,
  outputs: readonly number[],
  inputs: readonly Words[],
): Float32Array[] {
  return forBothWidths(kernel.key, (features) => outputsFor(features, kernel, outputs, inputs));
}

/**
 * The outputs of several kernels, each checked like one. Temporary arrays may have another layout
 * in code for 256-bit vectors.
 */
export function outputsOfStages(
  { temporaries, stages }: Stages,
  outputs: readonly number[],
  inputs: readonly Words[],
): Float32Array[] {
  return forBothWidths(stages.map(({ kernel }) => kernel.key).join(), (features) => {
    const arrays: Words[] = [
      ...outputs.map((length) => new Float32Array(length)),
      ...inputs,
      ...temporaries.map((bytes) => new Float32Array(bytes / 4)),
    ];
    const written = new Set(inputs.map((_, i) => outputs.length + i));
    for (const { kernel, operands } of stages) {
      // A kernel writes the operands that were not written before, and reads the others.
      const targets = operands.filter((i) => !written.has(i));
      outputsFor(
        features,
        kernel,
        targets.map((i) => arrays[i]!.length),
        operands.slice(targets.length).map((i) => arrays[i]!),
      ).forEach((output, k) => {
        arrays[targets[k]!] = output;
        written.add(targets[k]!);
      });
    }
    return arrays.slice(0, outputs.length) as Float32Array[];
  });
}

/** The same for kernels with one output. */
export function outputOfStages(
  stages: Stages,
  output: number,
  inputs: readonly Words[],
): Float32Array {
  return outputsOfStages(stages, [output], inputs)[0]!;
}
