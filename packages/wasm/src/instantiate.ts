import { moduleBuilder, type TargetFeatures, type FunctionBuilder, type Index } from "@tenon/emit";
import { alignedBytes, type Plan } from "@tenon/plan";
import type { Region } from "./arena.js";
import { decoderBytes, type Decoder } from "./feed.js";
import { fromBytes } from "./kernels/input/fromBytes.js";
import type { Kernel } from "./kernels/kernel.js";
import { backend } from "./lower/backend.js";
import type { Machinery } from "./machinery.js";
import { phasesOf, wordsBytes, worthSharing } from "./threads/phases.js";
import { phasesFunction } from "./threads/phasesFunction.js";
import { runOnThreads } from "./threads/runOnThreads.js";

/** What a step is to run on. */
export interface Machine extends Machinery {
  readonly threads: number;
  readonly features: TargetFeatures;
}

/** A compiled plan in memory. */
export interface Instance {
  /** The memory of the program: its plan's offsets count from its start. */
  readonly region: Region;
  readonly decoder: Decoder;
  readonly run: () => void;
  /** Each step alone. */
  readonly calls: readonly (() => void)[];
}

/**
 * One module for the whole step: every kernel once, a function that runs them in order, and one for
 * each call alone.
 */
export function instantiate(plan: Plan<Kernel>, machine: Machine): Instance {
  const { steps, offsets, scratch, scratchBytes, bytes } = plan;
  const { threads, features } = machine;
  const phases = phasesOf(steps, threads);
  const together = threads > 1 && worthSharing(phases);
  const words = scratch + scratchBytes * (together ? threads : 1);
  const palette = alignedBytes(
    together ? words + wordsBytes(phases, threads) : bytes,
    backend.memory,
  );
  const needed = palette + decoderBytes;
  const region = machine.arenas.take(needed);
  const { memory, at } = region;

  const builder = moduleBuilder({
    pages: memory.buffer.byteLength / 65536,
    shared: threads > 1,
    features,
    report: at,
  });
  const emitted = steps.map(({ kernel, operands }) => ({
    kernel,
    of: builder.once(`kernel ${kernel.key}`, () => kernel.emit(builder)),
    pointers: operands.map((buffer) => at + offsets.get(buffer)!),
  }));
  const callOf = (
    f: FunctionBuilder,
    step: number,
    own: Index = at + scratch,
    [begin, end]: readonly [Index, Index] = [0, emitted[step]!.kernel.workItems],
  ): void => {
    const { of, kernel, pointers } = emitted[step]!;
    f.call(of, ...pointers, ...(kernel.scratch > 0 ? [own] : []), begin, end);
  };
  steps.forEach((_, i) =>
    builder.expose(
      `${i}`,
      builder.func(`call ${i}`, [], (f) => callOf(f, i)),
    ),
  );
  builder.expose(
    "run",
    together
      ? phasesFunction(builder, { phases, threads, at: at + words, callStep: callOf })
      : builder.func("run", [], (f) => steps.forEach((_, i) => callOf(f, i))),
  );
  builder.expose("fromBytes", fromBytes(builder));
  const module = new WebAssembly.Module(builder.toBytes());
  const { exports } = new WebAssembly.Instance(module, { env: { memory } });
  const of = (name: string): ((...args: number[]) => void) =>
    exports[name] as (...args: number[]) => void;
  const decode: Decoder["decode"] = (to, count, paletteLength) =>
    of("fromBytes")(to, count, at + palette, paletteLength);
  const program = {
    id: region.id,
    module,
    memory,
    at: at + words,
    scratch: at + scratch,
    scratchBytes,
    bytes: region.bytes,
  };
  return {
    region,
    calls: steps.map((_, i) => of(`${i}`)),
    decoder: { palette: new Float32Array(memory.buffer, at + palette, decoderBytes / 4), decode },
    run: together ? runOnThreads(program, of("run"), phases, machine.workers()) : of("run"),
  };
}
