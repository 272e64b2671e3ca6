import { arenas, type Arenas } from "./arena.js";
import { workerPool, type WorkerPool } from "./threads/pool.js";

/** Memory and threads. Engines with the part `threading` and equally many threads share them. */
export interface Machinery {
  readonly arenas: Arenas;
  /** Where there may be several threads: the workers, started when there is work to share. */
  readonly workers?: () => WorkerPool;
  /** How many threads work now. */
  alive(): number;
}

/**
 * The machinery of the engines in use, by their number of threads. An engine reserves address space
 * and starts workers, which stay until it is garbage-collected: engines that are created for a few
 * steps and dropped must not reserve and start them again each time.
 */
const machineries = new Map<number, WeakRef<Machinery>>();

/** The machinery of engines that may have several threads. */
export function machineryOf(threads: number): Machinery {
  const existing = machineries.get(threads)?.deref();
  if (existing) return existing;
  let workers: WorkerPool | undefined;
  const machinery: Machinery = {
    arenas: arenas(threads > 1),
    workers: () => (workers ??= workerPool(threads)),
    alive: () => workers?.alive() ?? threads,
  };
  machineries.set(threads, new WeakRef(machinery));
  return machinery;
}
