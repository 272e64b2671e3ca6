import { moduleBuilder, type Index, type TargetFeatures } from "@tenon/emit";
import { alignedBytes, type Plan } from "@tenon/plan";
import type { Region } from "./arena.js";
import { decoderBytes, type Decoder } from "./feed.js";
import { fromBytes } from "./kernels/input/fromBytes.js";
import type { Kernel } from "./kernels/kernel.js";
import { backend } from "./lower/backend.js";
import type { Machinery } from "./machinery.js";
import { phasesOf, wordsBytes, worthSharing } from "./threads/phases.js";
import { phasesFunction, type CallStep } from "./threads/phasesFunction.js";
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
 * Compiles a plan into one module in memory of its own: every kernel once, a function that runs all
 * steps in order, one for each step alone, and one that decodes encoded inputs.
 */
export function instantiate(
  plan: Plan<Kernel>,
  { threads, features, arenas, workers }: Machine,
): Instance {
  const { steps, offsets, scratchBytes } = plan;
  const phases = phasesOf(steps, threads);
  const isShared = threads > 1 && worthSharing(phases);
  // Behind the plan's memory: scratch memory of the other threads and the words at which threads
  // meet, then the palette of encoded inputs.
  const wordsOffset = plan.scratch + scratchBytes * (isShared ? threads : 1);
  const end = wordsOffset + (isShared ? wordsBytes(phases, threads) : 0);
  const paletteOffset = alignedBytes(end, backend.memory);
  const region = arenas.take(paletteOffset + decoderBytes);
  const { id, memory, at: start, bytes } = region;
  const scratch = start + plan.scratch;
  const words = start + wordsOffset;
  const palette = start + paletteOffset;

  const builder = moduleBuilder({
    pages: memory.buffer.byteLength / 65536,
    shared: threads > 1,
    features,
    report: start,
  });
  const compiled = steps.map(({ kernel }) => kernel.emit(builder));
  const callStep: CallStep = (f, step, ownScratch, range) => {
    const { kernel, operands } = steps[step]!;
    const pointers: Index[] = operands.map((buffer) => start + offsets.get(buffer)!);
    if (kernel.scratch > 0) pointers.push(ownScratch);
    f.call(compiled[step]!, ...pointers, ...(range ?? [0, kernel.workItems]));
  };
  steps.forEach((_, i) =>
    builder.expose(
      `${i}`,
      builder.func(`call ${i}`, {}, (f) => callStep(f, i, scratch)),
    ),
  );
  builder.expose(
    "run",
    isShared
      ? phasesFunction(builder, { phases, threads, at: words, callStep })
      : builder.func("run", {}, (f) => steps.forEach((_, i) => callStep(f, i, scratch))),
  );
  builder.expose("fromBytes", fromBytes(builder));

  const module = new WebAssembly.Module(builder.toBytes());
  const { exports } = new WebAssembly.Instance(module, { env: { memory } });
  const exported = (name: string | number): ((...args: number[]) => void) =>
    exports[name] as (...args: number[]) => void;
  const run = exported("run");
  const program = { id, module, memory, at: words, scratch, scratchBytes, bytes };
  return {
    region,
    calls: [...steps.keys()].map(exported),
    decoder: {
      palette: new Float32Array(memory.buffer, palette, decoderBytes / 4),
      decode: (to, count, length) => exported("fromBytes")(to, count, palette, length),
    },
    run: isShared ? runOnThreads(program, run, phases, workers()) : run,
  };
}
