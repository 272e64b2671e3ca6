import { moduleBuilder, type TargetFeatures, type FunctionBuilder, type Index } from "@tenon/emit";
import { alignedBytes, type Plan } from "@tenon/plan";
import type { Region } from "./arena.js";
import { decoderBytes, type Decoder } from "./feed.js";
import { fromBytes } from "./kernels/input/fromBytes.js";
import type { Kernel } from "./kernels/kernel.js";
import { backend } from "./lower/backend.js";
import type { Machinery } from "./machinery.js";
import { phasesOf, wordsBytes, worthSharing, type Phase } from "./threads/phases.js";
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

/** How a plan is divided among threads, and where each part of its memory is. */
interface MemoryMap {
  readonly phases: readonly Phase[];
  readonly isShared: boolean;
  /** Offset of the words at which threads meet. */
  readonly words: number;
  /** Offset of the palette of encoded inputs. */
  readonly palette: number;
}

function memoryMapOf(
  { steps, scratch, scratchBytes, bytes }: Plan<Kernel>,
  threads: number,
): MemoryMap {
  const phases = phasesOf(steps, threads);
  const isShared = threads > 1 && worthSharing(phases);
  const words = scratch + scratchBytes * (isShared ? threads : 1);
  const end = isShared ? words + wordsBytes(phases, threads) : bytes;
  return { phases, isShared, words, palette: alignedBytes(end, backend.memory) };
}

/** Compiles a plan into one module in memory of its own. */
export function instantiate(plan: Plan<Kernel>, machine: Machine): Instance {
  const map = memoryMapOf(plan, machine.threads);
  const region = machine.arenas.take(map.palette + decoderBytes);
  const { memory, at: start } = region;
  const palette = start + map.palette;
  const module = new WebAssembly.Module(moduleBytes(plan, map, machine, region));
  const { exports } = new WebAssembly.Instance(module, { env: { memory } });
  const exported = (name: string): ((...args: number[]) => void) =>
    exports[name] as (...args: number[]) => void;
  const program = {
    id: region.id,
    module,
    memory,
    at: start + map.words,
    scratch: start + plan.scratch,
    scratchBytes: plan.scratchBytes,
    bytes: region.bytes,
  };
  const run = exported("run");
  return {
    region,
    calls: plan.steps.map((_, i) => exported(`${i}`)),
    decoder: {
      palette: new Float32Array(memory.buffer, palette, decoderBytes / 4),
      decode: (to, count, length) => exported("fromBytes")(to, count, palette, length),
    },
    run: map.isShared ? runOnThreads(program, run, map.phases, machine.workers()) : run,
  };
}

/**
 * The module of a step: every kernel once, a function that runs all steps in order, one for each
 * step alone, and one that decodes encoded inputs.
 */
function moduleBytes(
  { steps, offsets, scratch }: Plan<Kernel>,
  { phases, isShared, words }: MemoryMap,
  { threads, features }: Machine,
  { memory, at: start }: Region,
): Uint8Array<ArrayBuffer> {
  const builder = moduleBuilder({
    pages: memory.buffer.byteLength / 65536,
    shared: threads > 1,
    features,
    report: start,
  });
  const compiled = steps.map(({ kernel }) =>
    builder.once(`kernel ${kernel.key}`, () => kernel.emit(builder)),
  );
  const callStep: CallStep = (
    f,
    step,
    scratchAddress = start + scratch,
    [begin, end] = [0, steps[step]!.kernel.workItems],
  ) => {
    const { kernel, operands } = steps[step]!;
    const pointers = operands.map((buffer) => start + offsets.get(buffer)!);
    const ownScratch = kernel.scratch > 0 ? [scratchAddress] : [];
    f.call(compiled[step]!, ...pointers, ...ownScratch, begin, end);
  };
  steps.forEach((_, i) =>
    builder.expose(
      `${i}`,
      builder.func(`call ${i}`, {}, (f) => callStep(f, i)),
    ),
  );
  builder.expose(
    "run",
    isShared
      ? phasesFunction(builder, { phases, threads, at: start + words, callStep })
      : builder.func("run", {}, (f) => steps.forEach((_, i) => callStep(f, i))),
  );
  builder.expose("fromBytes", fromBytes(builder));
  return builder.toBytes();
}

/** Emits the call of a step, of all its work items unless a range of them is given. */
type CallStep = (
  f: FunctionBuilder,
  step: number,
  scratch?: Index,
  range?: readonly [Index, Index],
) => void;
