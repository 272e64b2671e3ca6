import { arenas, type Arenas } from "./arena.js";
import type { WorkerPool } from "./threads/pool.js";
import type { Threading } from "./threads/threading.js";

/** Memory and threads, which engines with equally many threads share. */
export interface Machinery {
  readonly arenas: Arenas;
  /** The workers, started when there is work to share. */
  workers(): WorkerPool;
  /** How many threads work now. */
  alive(): number;
}

/**
 * The machinery of the engines in use, by their number of threads. An engine reserves address space
 * and starts workers, which stay until it is garbage-collected: engines that are created for a few
 * steps and dropped must not reserve and start them again each time.
 */
const machineries = new Map<number, WeakRef<Machinery>>();

/** @param threading what starts workers, for more than one thread */
export function machineryOf(threads: number, threading: Threading | undefined): Machinery {
  const existing = machineries.get(threads)?.deref();
  if (existing) return existing;
  let workers: WorkerPool | undefined;
  const machinery: Machinery = {
    arenas: arenas(threads > 1),
    workers: () => (workers ??= threading!.workerPool(threads)),
    alive: () => workers?.alive() ?? threads,
  };
  machineries.set(threads, new WeakRef(machinery));
  return machinery;
}
