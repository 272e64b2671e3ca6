import type { ModuleBuilder } from "@tenon/emit";
import { spread, type Backend, type MemoryOptions, type Plan } from "@tenon/plan";
import type { Kernel } from "../kernels/kernel.js";
import { machineryOf } from "../machinery.js";
import { phasesOf, sharedSteps, wordsBytes, worthSharing } from "./phases.js";
import { phasesFunction, type PhasesOptions } from "./phasesFunction.js";
import type { Unnumbered, WorkerPool } from "./pool.js";
import { runOnThreads, type RunPhases } from "./runOnThreads.js";
import { availableThreads, workersStart } from "./startWorker.js";

/** How threads share the steps of a plan. */
export interface Sharing {
  /** Bytes of the words through which they synchronize. */
  readonly bytes: number;
  /** Emits the function that every thread runs, "run". */
  emit(builder: ModuleBuilder, options: Pick<PhasesOptions, "at" | "callStep">): void;
  /** A run on all threads of a pool. */
  runWith(program: Unnumbered, run: RunPhases, pool: WorkerPool): () => void;
}

/** What runs the steps of a plan on several threads. */
export interface Threading {
  readonly availableThreads: typeof availableThreads;
  readonly workersStart: typeof workersStart;
  readonly machineryOf: typeof machineryOf;
  /** What puts steps in an order in which threads wait little for each other. */
  readonly order: Pick<Backend<Kernel>, "spread">;
  /** Undefined where no step has enough work to share. */
  sharingOf(plan: Plan<Kernel>, threads: number, memory: MemoryOptions): Sharing | undefined;
}

export const allThreads: Threading = {
  availableThreads,
  workersStart,
  machineryOf,
  // What refuses an index does so before any state is replaced.
  order: { spread: (steps) => spread(steps, ({ use }) => use !== undefined) },
  sharingOf(plan, threads, memory) {
    const phases = phasesOf(sharedSteps(plan, memory), threads);
    if (!worthSharing(phases)) return undefined;
    return {
      bytes: wordsBytes(phases, threads),
      emit: (builder, options) => phasesFunction(builder, { ...options, phases, threads }),
      runWith: (program, run, pool) => runOnThreads(program, run, phases, pool),
    };
  },
};
