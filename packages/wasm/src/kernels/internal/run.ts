import type { Kernel, Stages } from "../kernel.js";
import { kernelRun, type Words } from "../runKernel.js";

/** For tests: a kernel's outputs, computed in one call, after checking that other cuts give the same bits and that nothing else was written. */
export function outputsOf(kernel: Kernel, outputs: readonly number[], inputs: readonly Words[]): Float32Array[] {
  const [whole, cut] = [0, 1].map(() => kernelRun(kernel, [...outputs.map((length) => new Float32Array(length).fill(NaN)), ...inputs])) as [ReturnType<typeof kernelRun>, ReturnType<typeof kernelRun>];
  whole.run();
  // No pieces at all, too, wherever they are not.
  cut.run([...Array.from({ length: kernel.pieces }, (_, piece) => [piece, piece + 1] as const), [0, 0], [kernel.pieces, kernel.pieces]].reverse() as [number, number][]);
  whole.check();
  cut.check();
  return outputs.map((_, i) => {
    const [a, b] = [whole, cut].map(({ arrays }) => new Uint32Array(arrays[i]!.buffer, arrays[i]!.byteOffset, arrays[i]!.length)) as [Uint32Array, Uint32Array];
    if (a.some((word, at) => word !== b[at])) throw new Error(`${kernel.key}: output ${i} depends on the cut into calls`);
    return new Float32Array(a.slice().buffer);
  });
}

/** What several kernels come to, each checked like one. */
export function outputsOfStages({ temporaries, stages }: Stages, outputs: readonly number[], inputs: readonly Words[]): Float32Array[] {
  const arrays: Words[] = [...outputs.map((length) => new Float32Array(length)), ...inputs, ...temporaries.map((bytes) => new Float32Array(bytes / 4))];
  const there = new Set(inputs.map((_, i) => outputs.length + i));
  for (const { kernel, operands } of stages) {
    // A kernel writes what nobody has written yet, and reads the rest.
    const to = operands.filter((i) => !there.has(i));
    outputsOf(kernel, to.map((i) => arrays[i]!.length), operands.slice(to.length).map((i) => arrays[i]!)).forEach((made, k) => {
      arrays[to[k]!] = made;
      there.add(to[k]!);
    });
  }
  return arrays.slice(0, outputs.length) as Float32Array[];
}

/** The same of kernels with one result. */
export function outputOfStages(stages: Stages, output: number, inputs: readonly Words[]): Float32Array {
  return outputsOfStages(stages, [output], inputs)[0]!;
}
