import { pace } from "./pace.js";
import { countsOf, line, own, words, type Phase } from "./phases.js";
import type { Pool, Shared } from "./pool.js";

/**
 * A run on all threads of a pool: wakes the others, unless it is quicker alone, takes part, and
 * returns when all is done. Throws what a kernel throws, on whichever thread.
 */
export function inParallel(
  program: Shared,
  run: (scratch: number, thread: number, epoch: number, maySleep: number) => void,
  phases: readonly Phase[],
  pool: Pool,
): () => void {
  const word = (at: number): Int32Array =>
    new Int32Array(program.memory.buffer, program.at + at, 1);
  const [current, failed, active] = [word(words.epoch), word(words.failed), word(words.active)];
  const { together, took } = pace();
  let epoch = -1;

  /**
   * After a failure: when all have left, every count stands where it would if all had been done.
   */
  const recover = (): void => {
    Atomics.store(failed, 0, 1);
    Atomics.notify(failed, 0);
    while (Atomics.load(active, 0) > 0) if (pool.maySleep) Atomics.wait(failed, 0, 1, 0.1);
    phases.forEach(({ portions }, i) => {
      const { taken, done } = countsOf(i, pool.threads);
      const after = (count: number): number => Math.imul(epoch + 1, count);
      for (let t = 0; t < pool.threads; t++) {
        const [first, until] = own(portions, pool.threads, t);
        Atomics.store(word(taken + line * t), 0, after(until - first));
      }
      Atomics.store(word(done), 0, after(portions));
    });
    Atomics.store(failed, 0, 0);
  };

  const step = (): void => {
    epoch = (epoch + 1) | 0;
    Atomics.store(current, 0, epoch);
    const began = performance.now();
    // Who is not woken takes nothing, and the caller finds all portions left for it.
    if (together()) pool.wake(program);
    try {
      run(program.scratch, 0, epoch, pool.maySleep ? 1 : 0);
    } catch (error) {
      recover();
      throw error;
    }
    took(performance.now() - began);
  };
  return step;
}
