import {
  alignedBytes,
  inOrder,
  usesBy,
  type MemoryOptions,
  type Plan,
  type Repetition,
  type Use,
} from "@tenon/plan";
import type { Kernel } from "../kernels/kernel.js";

/**
 * Steps that begin together: one large kernel whose work items the threads share in chunks, or a
 * series of small ones that one thread runs.
 */
export interface Phase {
  /** Positions in the plan. */
  readonly steps: readonly number[];
  readonly chunks: number;
  /** Work items in a chunk, and in all; 0 for a series of steps, which is one chunk. */
  readonly itemsPerChunk: number;
  readonly items: number;
  /**
   * The phases that must be done before it begins, without those that an earlier phase waits for.
   */
  readonly awaits: readonly number[];
  /** Of a phase that is repeated, together with those next to it that have the same repetition. */
  readonly repetition?: Repetition | undefined;
}

/** With less work it costs more to share a step than the other threads save. */
const leastFlops = 16_384;

/** So that no thread waits long for one whose processor was taken by another program. */
const chunksPerThread = 4;

/** What a step reads or writes: [begin, end) in bytes. */
export interface Place {
  readonly begin: number;
  readonly end: number;
  readonly use: Use;
}

/** A step of a plan, as threads share it. */
export interface SharedStep {
  readonly kernel: Pick<Kernel, "workItems" | "flops">;
  readonly repetition?: Repetition;
  /** Undefined if all steps before it must be done, and it before all others. */
  readonly places?: readonly Place[] | undefined;
}

/** The steps of a plan with the places that they use, and their vectors behind these. */
export const sharedSteps = (
  { steps, offsets }: Pick<Plan<Kernel>, "steps" | "offsets">,
  memory: MemoryOptions,
): SharedStep[] =>
  steps.map((step) => ({
    ...step,
    places: step.kernel.use
      ? undefined
      : usesBy(step).map(([buffer, use]) => {
          const begin = offsets.get(buffer)!;
          return { begin, end: begin + alignedBytes(buffer.bytes, memory), use };
        }),
  }));

/**
 * The steps of a plan in phases. A phase begins when those are done whose places it shares, so that
 * a thread which finds no more work in one goes on with the next if it can.
 */
export function phasesOf(steps: readonly SharedStep[], threads: number): Phase[] {
  const phases: Phase[] = [];
  /** Phases that no other has waited for yet, and their steps' places. */
  let pending: (readonly [phase: number, steps: readonly SharedStep[]])[] = [];
  let series: number[] = [];
  let awaits: readonly number[] = [];
  const add = (phase: Omit<Phase, "awaits">): void => {
    pending = pending.filter(([i]) => !awaits.includes(i));
    if (!phase.repetition) pending.push([phases.length, phase.steps.map((i) => steps[i]!)]);
    phases.push({ ...phase, awaits });
  };
  const endSeries = (): void => {
    const { repetition } = steps[series[0]!] ?? {};
    if (series.length > 0)
      add({ steps: series, chunks: 1, itemsPerChunk: 0, items: 0, repetition });
    series = [];
  };
  const awaitedBy = (step: SharedStep): number[] =>
    pending.flatMap(([i, earlier]) => (earlier.some((other) => meet(other, step)) ? [i] : []));
  for (const [i, step] of steps.entries()) {
    const { kernel, repetition } = step;
    const { workItems: items, flops } = kernel;
    const isSmall = items < 2 || flops < leastFlops;
    const joins =
      isSmall &&
      series.length > 0 &&
      steps[series[0]!]!.repetition === repetition &&
      awaitedBy(step).every((phase) => awaits.includes(phase));
    if (!joins) {
      endSeries();
      awaits = awaitedBy(step);
    }
    if (isSmall) {
      series.push(i);
      continue;
    }
    const itemsPerChunk = Math.max(1, Math.floor(items / (chunksPerThread * threads)));
    const chunks = Math.ceil(items / itemsPerChunk);
    add({ steps: [i], chunks, itemsPerChunk, items, repetition });
  }
  endSeries();
  return phases;
}

/** Whether two steps must stay in their order. */
const meet = ({ places: some }: SharedStep, { places: others }: SharedStep): boolean =>
  !some ||
  !others ||
  some.some((a) => others.some((b) => a.begin < b.end && b.begin < a.end && inOrder(a.use, b.use)));

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
