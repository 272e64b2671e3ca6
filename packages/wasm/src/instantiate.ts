import { moduleBuilder, type Index, type TargetFeatures } from "@tenon/emit";
import { alignedBytes, type Backend, type Plan } from "@tenon/plan";
import type { Region } from "./arena.js";
import { decoderBytes, type Decoder } from "./feed.js";
import { fromBytes } from "./kernels/input/fromBytes.js";
import type { Kernel } from "./kernels/kernel.js";
import type { Library } from "./library.js";
import type { Machinery } from "./machinery.js";
import { phasesOf, wordsBytes, worthSharing } from "./threads/phases.js";
import { phasesFunction, type CallStep } from "./threads/phasesFunction.js";
import { runOnThreads } from "./threads/runOnThreads.js";

/** What a step is to run on. */
export interface Machine extends Machinery {
  readonly backend: Backend<Kernel>;
  readonly threads: number;
  readonly features: TargetFeatures;
  readonly library: Library;
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
 * Compiles a plan into one module in memory of its own: every kernel that the engine's library
 * lacks, once, and a function that runs all steps in order.
 */
export function instantiate(
  plan: Plan<Kernel>,
  { backend, threads, features, arenas, workers, library }: Machine,
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

  const builder = moduleBuilder({ shared: threads > 1, features, imports: library.has });
  const compiled = steps.map(({ kernel }) => kernel.emit(builder));
  fromBytes(builder);
  const kernels = builder.defined.length;
  const argumentsOf = (step: number, ownScratch: Index): Index[] => {
    const { kernel, operands } = steps[step]!;
    const pointers: Index[] = operands.map((buffer) => start + offsets.get(buffer)!);
    return kernel.scratch > 0 ? [...pointers, ownScratch] : pointers;
  };
  const callStep: CallStep = (f, step, ownScratch, range) =>
    f.call(
      compiled[step]!,
      ...argumentsOf(step, ownScratch),
      ...(range ?? [0, steps[step]!.kernel.workItems]),
    );
  if (isShared) phasesFunction(builder, { phases, threads, at: words, callStep });
  else builder.func("run", {}, (f) => steps.forEach((_, i) => callStep(f, i, scratch)));

  const modules = library.compile(builder, kernels);
  const exports = linked(modules, memory);
  const exported = (key: string): ((...args: Index[]) => void) =>
    exports[key] as (...args: Index[]) => void;
  const run = exported("run");
  const program = { id, modules, memory, at: words, scratch, scratchBytes, bytes };
  return {
    region,
    calls: steps.map(({ kernel }, i) => {
      const call = exported(kernel.key);
      const args = argumentsOf(i, scratch);
      return () => call(...args, 0, kernel.workItems);
    }),
    decoder: {
      palette: new Float32Array(memory.buffer, palette, decoderBytes / 4),
      decode: (to, count, length) => exported("fromBytes")(to, count, palette, length),
    },
    run: isShared ? runOnThreads(program, run, phases, workers()) : run,
  };
}

/** What modules export of which each may import functions of those before it. */
export function linked(
  modules: readonly WebAssembly.Module[],
  memory: WebAssembly.Memory,
): WebAssembly.ModuleImports {
  let env: WebAssembly.ModuleImports = { memory };
  for (const module of modules)
    env = { ...env, ...new WebAssembly.Instance(module, { env }).exports };
  return env;
}
