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
export function outputOfStages({ temporaries, stages }: Stages, output: number, inputs: readonly Words[]): Float32Array {
  const arrays: Words[] = [new Float32Array(output), ...inputs, ...temporaries.map((bytes) => new Float32Array(bytes / 4))];
  for (const { kernel, operands: [to, ...from] } of stages) arrays[to!] = outputsOf(kernel, [arrays[to!]!.length], from.map((i) => arrays[i]!))[0]!;
  return arrays[0] as Float32Array;
}
