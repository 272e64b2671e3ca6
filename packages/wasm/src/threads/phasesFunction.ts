import type { FunctionBuilder, FunctionIndex, Index, Local, ModuleBuilder } from "@tenon/emit";
import * as atomic from "@tenon/emit/atomic";
import * as i32 from "@tenon/emit/i32";
import { groupsOf } from "./groups.js";
import { countersOf, lineBytes, words, type Phase } from "./phases.js";

/** Reads of a counter before a thread sleeps, about 50 µs. */
const spins = 20_000;
const sleepNanoseconds = 50_000;

/** Emits a call of a step's kernel: all of its work items, or those of a range. */
export type CallStep = (
  f: FunctionBuilder,
  step: number,
  call: {
    readonly scratch: Index;
    readonly range?: readonly [Index, Index];
    /** How often a step that is repeated ran before. */
    readonly time?: Local<"i32"> | undefined;
  },
) => void;

export interface PhasesOptions {
  readonly phases: readonly Phase[];
  readonly threads: number;
  /** The address of the words through which threads synchronize. */
  readonly at: number;
  readonly callStep: CallStep;
}

/**
 * All phases in order, the same code for every thread: (scratch memory of this thread, its number,
 * epoch, whether it may sleep) → ().
 *
 * Before a phase a thread waits until all those are done that must be. A phase that is repeated is
 * waited for at once, others where the first phase needs them, or at the end.
 *
 * A thread takes the chunks of its home range first, then those that are left in the ranges of
 * others. The counters of a phase count the chunks that were taken of each range, and all that are
 * done, over all runs: run number e takes chunks up to (e + 1) · (chunks of the range). So they are
 * never reset, not even between the repetitions of a phase, each of which counts as a run of it,
 * and a thread that comes late finds everything taken and done, takes nothing from the
 * next run, and no other has to wait for it. Which thread does a chunk changes no bit, since work
 * items write to different places.
 */
export function phasesFunction(module: ModuleBuilder, options: PhasesOptions): FunctionIndex {
  const { phases, threads, at } = options;
  const wait = waitFunction(module, at + words.failed);
  const parameters = { scratch: "i32", thread: "i32", epoch: "i32", maySleep: "i32" } as const;
  return module.func("run", parameters, (f, { scratch, thread, epoch, maySleep }) => {
    const owner = f.local("i32");
    const awaitPhase = (i: number, run: Local<"i32">): void => {
      const { chunks } = phases[i]!;
      const done = at + countersOf(i, threads).done;
      f.call(wait, done, i32.add(i32.mul(run, chunks), chunks), maySleep);
    };
    const emitPhase = (i: number, run: Local<"i32">, time?: Local<"i32">): void => {
      for (const other of phases[i]!.awaits) awaitPhase(other, epoch);
      f.set(owner, thread);
      f.for(0, threads, 1, () => {
        takeChunks(f, options, { phase: i, owner, run, scratch, time });
        f.bump(owner, 1);
        f.if(i32.eq(owner, threads), () => f.set(owner, i32.const(0)));
      });
      if (time) awaitPhase(i, run);
    };
    let i = 0;
    for (const { members, repetition } of groupsOf(phases)) {
      const first = i;
      i += members.length;
      if (!repetition) members.forEach((_, k) => emitPhase(first + k, epoch));
      else
        f.for(0, repetition.times, 1, (time) => {
          const run = f.let(i32.add(i32.mul(epoch, repetition.times), time));
          members.forEach((_, k) => emitPhase(first + k, run, time));
        });
    }
    const awaited = new Set(phases.flatMap(({ awaits }) => awaits));
    for (const [i, { repetition }] of phases.entries())
      if (!repetition && !awaited.has(i)) awaitPhase(i, epoch);
  });
}

interface Taking {
  readonly phase: number;
  /** The thread whose home range is taken from. */
  readonly owner: Local<"i32">;
  /** How often the phase ran before. */
  readonly run: Local<"i32">;
  readonly scratch: Local<"i32">;
  readonly time: Local<"i32"> | undefined;
}

/** Emits code that takes and does chunks of a home range until none is left. */
function takeChunks(
  f: FunctionBuilder,
  { phases, threads, at, callStep }: PhasesOptions,
  { phase, owner, run, scratch, time }: Taking,
): void {
  const { steps, chunks, itemsPerChunk, items } = phases[phase]!;
  const counters = countersOf(phase, threads);
  // As `homeRange` has it.
  const first = f.let(i32.divU(i32.mul(owner, chunks), threads));
  const count = f.let(i32.sub(i32.divU(i32.mul(i32.add(owner, 1), chunks), threads), first));
  const counter = f.let(i32.add(i32.mul(owner, lineBytes), at + counters.taken));
  const takenBefore = f.let(i32.mul(run, count));
  f.repeat((again, exit) => {
    const taken = f.let(atomic.load(counter));
    const chunk = f.let(i32.sub(taken, takenBefore));
    f.jumpIf(i32.geS(chunk, count), exit);
    f.jumpIf(i32.ne(atomic.exchange(counter, taken, i32.add(taken, 1)), taken), again);
    if (chunks === 1) for (const step of steps) callStep(f, step, { scratch, time });
    else {
      const begin = f.let(i32.mul(i32.add(chunk, first), itemsPerChunk));
      const end = i32.min(i32.add(begin, itemsPerChunk), items);
      for (const step of steps) callStep(f, step, { scratch, time, range: [begin, end] });
    }
    f.drop(atomic.add(at + counters.done, 1));
    f.jump(again);
  });
}

/**
 * Waits until a counter has reached a value: (address, value, whether it may sleep) → (). Fails
 * where another thread has failed.
 */
function waitFunction(module: ModuleBuilder, failed: number): FunctionIndex {
  const parameters = { counter: "i32", value: "i32", maySleep: "i32" } as const;
  return module.func("wait", parameters, (f, { counter, value, maySleep }) => {
    const reads = f.local("i32");
    f.until(i32.geS(i32.sub(atomic.load(counter), value), 0), () => {
      f.if(atomic.load(failed), () => f.trap());
      f.bump(reads, 1);
      f.if(i32.and(i32.gtS(reads, spins), maySleep), () =>
        f.drop(atomic.wait(failed, 0, sleepNanoseconds)),
      );
    });
  });
}
