import { moduleBuilder } from "../../emit/index.js";
import type { Stages } from "../conv2dFilter.js";
import type { Kernel } from "../kernel.js";

export interface Prepared {
  /** The outputs, as views of the kernel's memory. */
  readonly outputs: readonly Float32Array[];
  readonly inputs: readonly Float32Array[];
  /** Does the pieces [begin, end). */
  run(begin: number, end: number): void;
  /** Throws if anything was written between the arrays. */
  check(): void;
}

const page = 65536, guard = 16;

/** Puts a kernel alone into a module, for tests and benches; what lies between arrays is NaN, so that it shows if it is used. */
export function prepare(kernel: Kernel, outputs: readonly number[], inputs: readonly ArrayLike<number>[]): Prepared {
  const sizes = [...outputs, ...inputs.map((x) => x.length), ...(kernel.scratch > 0 ? [Math.ceil(kernel.scratch / 4)] : [])];
  const offsets: number[] = [];
  let end = 256;
  for (const size of sizes) {
    offsets.push(end);
    end = 64 * Math.ceil((end + 4 * (size + guard)) / 64);
  }
  const pages = Math.ceil(end / page);
  const module = moduleBuilder({ pages });
  module.expose("run", kernel.emit(module));
  const memory = new WebAssembly.Memory({ initial: pages });
  const instance = new WebAssembly.Instance(new WebAssembly.Module(module.toBytes()), { env: { memory } });
  const run = instance.exports["run"] as (...args: number[]) => void;

  const words = new Uint32Array(memory.buffer);
  const poison = 0x7fc0dead;
  words.fill(poison);
  const views = sizes.map((size, i) => new Float32Array(memory.buffer, offsets[i]!, size));
  inputs.forEach((x, i) => views[outputs.length + i]!.set(x));
  return {
    outputs: views.slice(0, outputs.length),
    inputs: views.slice(outputs.length, outputs.length + inputs.length),
    run: (begin, last) => run(...offsets, begin, last),
    check() {
      offsets.forEach((offset, i) => {
        for (let w = offset / 4 + sizes[i]!; w < (offsets[i + 1] ?? end) / 4; w++)
          if (words[w] !== poison) throw new Error(`${kernel.key}: wrote past the end of array ${i}, ${w - offset / 4 - sizes[i]!} elements`);
      });
    },
  };
}

/** A kernel's outputs, computed in one call, after checking that other cuts into calls give the same bits. */
export function outputsOf(kernel: Kernel, outputs: readonly number[], inputs: readonly ArrayLike<number>[]): Float32Array[] {
  const whole = prepare(kernel, outputs, inputs);
  whole.run(0, kernel.pieces);
  whole.check();
  const cut = prepare(kernel, outputs, inputs);
  for (let piece = kernel.pieces - 1; piece >= 0; piece--) cut.run(piece, piece + 1);
  cut.check();
  whole.outputs.forEach((out, i) => {
    const [a, b] = [out, cut.outputs[i]!].map((x) => new Uint32Array(x.buffer, x.byteOffset, x.length)) as [Uint32Array, Uint32Array];
    if (a.some((word, at) => word !== b[at])) throw new Error(`${kernel.key}: output ${i} depends on the cut into calls`);
  });
  return whole.outputs.map((out) => out.slice());
}

/** What several kernels come to, each checked like one. */
export function outputOfStages({ temporaries, stages }: Stages, output: number, inputs: readonly ArrayLike<number>[]): Float32Array {
  const arrays: ArrayLike<number>[] = [new Float32Array(output), ...inputs, ...temporaries.map((bytes) => new Float32Array(bytes / 4))];
  for (const { kernel, operands: [to, ...from] } of stages) arrays[to!] = outputsOf(kernel, [arrays[to!]!.length], from.map((i) => arrays[i]!))[0]!;
  return arrays[0] as Float32Array;
}
