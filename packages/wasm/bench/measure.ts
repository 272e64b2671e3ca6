import { moduleBuilder } from "@tenon/emit";
import * as f32x4 from "@tenon/emit/f32x4";
import * as i32 from "@tenon/emit/i32";
import type { Kernel, Stages } from "../src/kernels/kernel.js";
import { kernelRun, type Words } from "../src/testing/runKernel.js";

/**
 * Milliseconds of one call: the shortest of many runs of some milliseconds, which other programs
 * disturb least.
 */
export function milliseconds(call: () => void): number {
  const once = (repeats: number): number => {
    const start = performance.now();
    for (let i = 0; i < repeats; i++) call();
    return (performance.now() - start) / repeats;
  };
  for (let start = performance.now(); performance.now() - start < 60;) call();
  const repeats = Math.max(1, Math.round(4 / once(1)));
  let best = Infinity;
  for (
    let start = performance.now(), runs = 0;
    runs < 10 || performance.now() - start < 200;
    runs++
  )
    best = Math.min(best, once(repeats));
  return best;
}

/**
 * What the machine's 128-bit registers can do: twelve independent chains of a multiplication and an
 * addition.
 */
export function peak(): number {
  const chains = 12;
  const repeats = 200_000;
  const module = moduleBuilder();
  module.func("peak", { out: "address" }, (f, { out }) => {
    const sums = Array.from({ length: chains }, () => f.local("v128"));
    const factor = f.local("v128", f32x4.const(0.5));
    const term = f.local("v128", f32x4.const(1));
    f.for(0, repeats, 1, () => {
      for (let turn = 0; turn < 4; turn++)
        for (const sum of sums) f.set(sum, f32x4.add(f32x4.mul(sum, factor), term));
    });
    sums.forEach((sum, q) => f.store("v128", i32.add(out, 16 * q), sum));
  });
  const memory = new WebAssembly.Memory({ initial: 1 });
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(module.toBytes()), {
    env: { memory },
  });
  const run = exports["peak"] as (out: number) => void;
  return (repeats * 4 * chains * 8) / milliseconds(() => run(0)) / 1e6;
}

/** Numbers in [-1, 1), of which a share is not zero. */
export const randomValues = (length: number, share = 1): Float32Array =>
  Float32Array.from({ length }, () => (Math.random() < share ? 2 * Math.random() - 1 : 0));

/** Runs a kernel on values in [-1, 1). */
export function timed(
  kernel: Kernel,
  outputs: readonly number[],
  inputs: readonly number[],
): number {
  return timedStages(
    { temporaries: [], stages: [{ kernel, operands: [...outputs, ...inputs].map((_, i) => i) }] },
    outputs,
    inputs.map((length) => randomValues(length)),
  );
}

/** Runs kernels in a row on what each made before: the sum of their times. */
export function timedStages(
  { stages, temporaries }: Stages,
  outputs: readonly number[],
  inputs: readonly Words[],
): number {
  const arrays: Words[] = [
    ...outputs.map((length) => new Float32Array(length)),
    ...inputs,
    ...temporaries.map((bytes) => new Float32Array(bytes / 4)),
  ];
  return stages.reduce((sum, { kernel, operands }) => {
    const run = kernelRun(
      kernel,
      operands.map((i) => arrays[i]!),
    );
    const ms = milliseconds(() => run.run());
    operands.forEach((i, k) => {
      arrays[i] = run.arrays[k]!;
    });
    return sum + ms;
  }, 0);
}

/** One line of a table. */
export function report(name: string, flops: number, ms: number, best: number): void {
  const rate = flops / ms / 1e6;
  console.log(
    `${name.padEnd(52)} ${ms.toFixed(3).padStart(9)} ms ${rate.toFixed(1).padStart(7)} GFLOP/s ` +
      `${((100 * rate) / best).toFixed(0).padStart(4)} %`,
  );
}
