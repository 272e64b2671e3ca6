import { adaptiveThreads } from "./adaptiveThreads.js";
import { countersOf, homeRange, lineBytes, words, type Phase } from "./phases.js";
import type { Unnumbered, WorkerPool } from "./pool.js";

/** The function that `phasesFunction` emits. */
export type RunPhases = (scratch: number, thread: number, epoch: number, maySleep: number) => void;

/**
 * A run on all threads of a pool: wakes the workers, unless it is faster alone, takes part, and
 * returns when all phases are done. Throws what a kernel throws, on whichever thread.
 */
export function runOnThreads(
  unnumbered: Unnumbered,
  runPhases: RunPhases,
  phases: readonly Phase[],
  pool: WorkerPool,
): () => void {
  const program = pool.numbered(unnumbered);
  const word = (offset: number): Int32Array =>
    new Int32Array(program.memory.buffer, program.at + offset, 1);
  const currentEpoch = word(words.epoch);
  const failed = word(words.failed);
  const active = word(words.active);
  const { useAll, record } = adaptiveThreads();
  let epoch = -1;

  /** After a failure: waits until all workers are out, then sets counters as if all were done. */
  const recover = (): void => {
    Atomics.store(failed, 0, 1);
    Atomics.notify(failed, 0);
    while (Atomics.load(active, 0) > 0) if (pool.maySleep) Atomics.wait(failed, 0, 1, 0.1);
    phases.forEach(({ chunks, repetition }, i) => {
      const runs = Math.imul(epoch + 1, repetition?.times ?? 1);
      const countAfter = (count: number): number => Math.imul(runs, count);
      const { taken, done } = countersOf(i, pool.threads);
      for (let thread = 0; thread < pool.threads; thread++) {
        const [first, until] = homeRange(chunks, pool.threads, thread);
        Atomics.store(word(taken + lineBytes * thread), 0, countAfter(until - first));
      }
      Atomics.store(word(done), 0, countAfter(chunks));
    });
    Atomics.store(failed, 0, 0);
  };

  return () => {
    epoch = (epoch + 1) | 0;
    Atomics.store(currentEpoch, 0, epoch);
    const start = performance.now();
    // Workers that are not woken take nothing, and the caller finds all chunks left for it.
    if (useAll()) pool.wake(program);
    try {
      runPhases(program.scratch, 0, epoch, pool.maySleep ? 1 : 0);
    } catch (error) {
      recover();
      throw error;
    }
    record(performance.now() - start);
  };
}
