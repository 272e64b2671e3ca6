import type { Repetition } from "@tenon/plan";
import type { Kernel } from "../kernels/kernel.js";

/**
 * Steps between two barriers: one large kernel whose work items the threads share in chunks, or a
 * series of small ones that one thread runs.
 */
export interface Phase {
  /** Positions in the plan. */
  readonly steps: readonly number[];
  readonly chunks: number;
  /** Work items in a chunk, and in all; 0 for a series of steps, which is one chunk. */
  readonly itemsPerChunk: number;
  readonly items: number;
  /** Of a phase that is repeated, together with those next to it that have the same repetition. */
  readonly repetition?: Repetition | undefined;
}

/** With less work a barrier costs more than the other threads save. */
const leastFlops = 16_384;

/** So that no thread waits long for one whose processor was taken by another program. */
const chunksPerThread = 4;

/** The steps of a plan in phases. Each phase begins when all of the one before is done. */
export function phasesOf(
  steps: readonly {
    readonly kernel: Pick<Kernel, "workItems" | "flops">;
    readonly repetition?: Repetition;
  }[],
  threads: number,
): Phase[] {
  const phases: Phase[] = [];
  let series: number[] = [];
  let repetition: Repetition | undefined;
  const endSeries = (): void => {
    if (series.length > 0)
      phases.push({ steps: series, chunks: 1, itemsPerChunk: 0, items: 0, repetition });
    series = [];
  };
  for (const [step, { kernel, repetition: own }] of steps.entries()) {
    const { workItems: items, flops } = kernel;
    if (own !== repetition) endSeries();
    repetition = own;
    if (items < 2 || flops < leastFlops) {
      series.push(step);
      continue;
    }
    endSeries();
    const itemsPerChunk = Math.max(1, Math.floor(items / (chunksPerThread * threads)));
    const chunks = Math.ceil(items / itemsPerChunk);
    phases.push({ steps: [step], chunks, itemsPerChunk, items, repetition });
  }
  endSeries();
  return phases;
}

/** Whether any phase has work to share. */
export const worthSharing = (phases: readonly Phase[]): boolean =>
  phases.some(({ chunks }) => chunks > 1);

/** The words through which threads synchronize, in bytes from their start. */
export const words = {
  /** The number of the current run, from 0 on. */
  epoch: 0,
  /** 1 after a thread has failed. */
  failed: 64,
  /** How many workers are in a run. */
  active: 128,
  /** The counters of the phases. */
  phases: 192,
} as const;

/** Each counter has a cache line to itself. */
export const lineBytes = 64;

/**
 * The counters of a phase, in bytes from the start of the words: of each thread's home range the
 * chunks that were taken, and of all chunks those that are done.
 */
export const countersOf = (
  phase: number,
  threads: number,
): { readonly taken: number; readonly done: number; readonly bytes: number } => {
  const bytes = lineBytes * (threads + 1);
  const taken = words.phases + phase * bytes;
  return { taken, done: taken + lineBytes * threads, bytes };
};

/** Bytes of all words. */
export const wordsBytes = (phases: readonly Phase[], threads: number): number =>
  countersOf(phases.length, threads).taken;

/**
 * The home range of a thread: the chunks [first, until) of a phase that it takes before it helps
 * others. Home ranges of a thread are at the same place in all phases, so that it reads again what
 * it has written.
 */
export const homeRange = (
  chunks: number,
  threads: number,
  thread: number,
): readonly [first: number, until: number] => [
  Math.floor((thread * chunks) / threads),
  Math.floor(((thread + 1) * chunks) / threads),
];
