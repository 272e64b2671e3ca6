import {
  moduleBuilder,
  type Index,
  type Local,
  type TargetFeatures,
  type VectorFunctions,
} from "@tenon/emit";
import * as i32 from "@tenon/emit/i32";
import { alignedBytes, type Backend, type HostMemory, type Plan, type Step } from "@tenon/plan";
import type { Region } from "./arena.js";
import type { Decoding } from "./feed.js";
import type { Kernel } from "./kernels/kernel.js";
import type { Library } from "./library.js";
import type { Machinery } from "./machinery.js";
import type { Repeating } from "./repeating.js";
import type { CallStep } from "./threads/phasesFunction.js";
import type { Threading } from "./threads/threading.js";

/** What a step is to run on. */
export interface Machine extends Machinery {
  readonly backend: Backend<Kernel>;
  /** More than 1 only with `threading`. */
  readonly threads: number;
  readonly threading: Threading | undefined;
  /** Without it, bytes are decoded before they are fed. */
  readonly decoding: Decoding | undefined;
  readonly features: TargetFeatures;
  readonly functions: VectorFunctions;
  /** Without it, no program uses what was compiled for another. */
  readonly library: Library | undefined;
  readonly repeating: Repeating;
}

/** A compiled plan in memory. */
export interface Instance {
  /** The memory of the program: its plan's offsets count from its start. */
  readonly region: Region;
  /** How bytes that are fed are written. */
  readonly input: HostMemory["input"] | undefined;
  readonly run: () => void;
  /** Each step alone, as it is after some repetitions. */
  readonly calls: readonly ((time: number) => void)[];
}

/**
 * Compiles a plan into one module in memory of its own: every kernel that the engine's library
 * lacks, once, and a function that runs all steps in order.
 */
export function instantiate(
  plan: Plan<Kernel>,
  {
    backend,
    threads,
    threading,
    decoding,
    features,
    functions,
    arenas,
    workers,
    ...machine
  }: Machine,
): Instance {
  const { steps, offsets, scratchBytes } = plan;
  const { library } = machine;
  const { inOrder, movedBy } = machine.repeating;
  const sharing = threads > 1 ? threading?.sharingOf(plan, threads, backend.memory) : undefined;
  // Behind the plan's memory: scratch memory of the other threads and the words at which threads
  // meet, then the palette of encoded inputs.
  const wordsOffset = plan.scratch + scratchBytes * (sharing ? threads : 1);
  const end = wordsOffset + (sharing?.bytes ?? 0);
  const paletteOffset = alignedBytes(end, backend.memory);
  const bytes = paletteOffset + (decoding?.paletteBytes ?? 0);
  const region = arenas.take(bytes);
  const { memory, at: start } = region;
  const scratch = start + plan.scratch;
  const words = start + wordsOffset;
  const palette = start + paletteOffset;

  const builder = moduleBuilder({
    shared: threads > 1,
    ...{ features, functions, ...(library && { imports: library.has }) },
  });
  const compiled = steps.map(({ kernel }) => kernel.emit(builder));
  decoding?.emit(builder);
  const kernels = builder.defined.length;
  /** `moved` gives an address after the repetitions so far. */
  const argumentsOf = <S, T>(
    { kernel, operands }: Step<Kernel>,
    ownScratch: S,
    moved: (address: number, by: number) => T,
  ): (S | T)[] => {
    const pointers = operands.map((x) => moved(start + offsets.get(x)!, movedBy(x)));
    return kernel.scratch > 0 ? [...pointers, ownScratch] : pointers;
  };
  const callStep: CallStep = (f, i, { scratch: ownScratch, time, range }) => {
    const step = steps[i]!;
    const moved = (address: number, by: number): Index =>
      time && by !== 0 ? i32.add(i32.mul(time, by), address) : address;
    const items = range ?? [0, step.kernel.workItems];
    f.call(compiled[i]!, ...argumentsOf(step, ownScratch, moved), ...items);
  };
  if (sharing) sharing.emit(builder, { at: words, callStep });
  else
    builder.func("run", {}, (f) =>
      inOrder<Local<"i32">>(
        steps,
        (i, time) => callStep(f, i, { scratch, time }),
        (times, body) => f.for(0, times, 1, body),
      ),
    );

  const modules = library?.compile(builder, kernels) ?? [new WebAssembly.Module(builder.toBytes())];
  const exports = linked(modules, memory);
  const exported = (key: string): ((...args: Index[]) => void) =>
    exports[key] as (...args: Index[]) => void;
  const run = exported("run");
  const program = { modules, memory, at: words, scratch, scratchBytes, bytes };
  return {
    region,
    calls: steps.map((step) => {
      const { key, workItems } = step.kernel;
      const call = exported(key);
      return (time) =>
        call(...argumentsOf(step, scratch, (from, by) => from + time * by), 0, workItems);
    }),
    input: decoding?.inputBy(memory, palette, exported("fromBytes")),
    run: sharing?.runWith(program, run, workers!()) ?? run,
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
