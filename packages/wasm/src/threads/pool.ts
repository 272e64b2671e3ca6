import { startWorker, type WorkerHandle } from "./startWorker.js";
import { control, ended, type Message } from "./workerSource.js";

/** Modules that several threads run on one memory. */
export interface SharedProgram {
  /** The program's number in its pool: 1 or more. */
  readonly id: number;
  /** Each may import functions of those before it; the last one has `run`. */
  readonly modules: readonly WebAssembly.Module[];
  readonly memory: WebAssembly.Memory;
  /** The address of the words through which threads synchronize. */
  readonly at: number;
  /** The address of the first thread's scratch memory, and how large that of each thread is. */
  readonly scratch: number;
  readonly scratchBytes: number;
  /** Bytes of memory of this program. */
  readonly bytes: number;
}

export type Unnumbered = Omit<SharedProgram, "id">;

/** Worker threads that run programs together with the caller. */
export interface WorkerPool {
  /** How many threads there should be, including the caller's own. */
  readonly threads: number;
  /** How many there are now: fewer if some could not start, or died. */
  alive(): number;
  /** Whether the caller may sleep while it waits; the main thread of a page may not. */
  readonly maySleep: boolean;
  /** Gives a program its number. When the result is garbage-collected, workers drop the program. */
  numbered(program: Unnumbered): SharedProgram;
  /** Wakes the workers to take part in a run of a program. */
  wake(program: SharedProgram): void;
}

/**
 * Workers hold only the programs that ran last: at most this many, of at most this many bytes. A
 * program that runs again later is sent again. So programs that the caller dropped are released
 * even while it gives the garbage collector no turn to report them.
 *
 * A worker makes no garbage of its own, so its garbage collector never runs, and released programs
 * stay in memory. After as many released programs, or bytes of them, new workers replace the old
 * ones.
 */
const limits = { programs: 32, bytes: 128 * 1024 * 1024 };

/**
 * Workers that were started together, and the words through which they and the caller synchronize.
 */
interface Crew {
  readonly words: Int32Array;
  readonly workers: Map<number, WorkerHandle>;
}

function startCrew(threads: number): Crew {
  const words = new Int32Array(new SharedArrayBuffer(4 * (control.words(threads) + 1)));
  const workers = new Map<number, WorkerHandle>();
  for (let thread = 1; thread < threads; thread++) {
    const lost = (): void => {
      workers.delete(thread);
      Atomics.store(words, control.read(thread), ended);
    };
    try {
      const worker = startWorker({ lost });
      workers.set(thread, worker);
    } catch {
      lost();
      break; // what forbids one worker forbids all
    }
  }
  send({ words, workers }, { task: "hello" }, true);
  return { words, workers };
}

/** Sends a message to all workers. Those that sleep read it when they wake. */
function send({ words, workers }: Crew, message: Message, first = false): void {
  // Counted before it is sent: a worker that has read all messages starts to work.
  Atomics.add(words, control.sent, 1);
  for (const [thread, worker] of workers)
    worker.post(first ? { ...message, control: words, thread } : message);
}

function wakeAll({ words }: Crew, program: number): void {
  Atomics.store(words, control.program, program);
  Atomics.add(words, control.generation, 1);
  Atomics.notify(words, control.generation);
}

/** Whether every worker has read `count` messages. */
function haveRead({ words, workers }: Crew, count: number): boolean {
  for (const thread of workers.keys())
    if (Atomics.load(words, control.read(thread)) < count) return false;
  return true;
}

/** Stops the workers of pools that were garbage-collected. */
const collected = /* @__PURE__ */ new FinalizationRegistry<{ readonly crew: Crew }>(({ crew }) => {
  for (const worker of crew.workers.values()) worker.stop();
});

/** Starts workers: with the caller they are `threads`. */
export function workerPool(threads: number): WorkerPool {
  /** `ending` from the request that workers end until all have: no others start before. */
  const state = { crew: startCrew(threads), ending: false };
  /** Bytes of the programs that workers hold, by number, in the order in which they ran last. */
  const programs = new Map<number, number>();
  let programsBytes = 0;
  let latest = 0;
  const released = { programs: 0, bytes: 0 };

  const release = (id: number): void => {
    const bytes = programs.get(id)!;
    programs.delete(id);
    programsBytes -= bytes;
    released.programs++;
    released.bytes += bytes;
    send(state.crew, { task: "forget", id });
  };
  const renewIfDue = (): void => {
    if (released.programs < limits.programs && released.bytes < limits.bytes) return;
    send(state.crew, { task: "end" });
    wakeAll(state.crew, 0);
    state.ending = true;
    programs.clear();
    programsBytes = latest = released.programs = released.bytes = 0;
  };
  const load = ({ bytes, ...program }: SharedProgram): void => {
    for (const other of [...programs.keys()]) {
      if (programs.size < limits.programs && programsBytes + bytes <= limits.bytes) break;
      release(other);
    }
    programs.set(program.id, bytes);
    programsBytes += bytes;
    send(state.crew, { task: "load", ...program });
  };
  /** Makes a program the latest one; false while workers are being replaced. */
  const select = (program: SharedProgram): boolean => {
    const { id, bytes } = program;
    renewIfDue();
    if (state.ending) {
      if (!haveRead(state.crew, ended)) return false;
      state.crew = startCrew(threads);
      state.ending = false;
    }
    if (!programs.has(id)) load(program);
    else {
      programs.delete(id);
      programs.set(id, bytes);
    }
    latest = id;
    return true;
  };
  let lastId = 0;
  const dropped = new FinalizationRegistry<number>((id) => {
    if (id === latest) latest = 0;
    if (programs.has(id)) release(id);
    wakeAll(state.crew, 0);
    if (!state.ending) renewIfDue();
  });
  const pool: WorkerPool = {
    threads,
    alive: () => (state.ending ? threads : 1 + state.crew.workers.size),
    maySleep: typeof document === "undefined",
    numbered(program) {
      const result = { ...program, id: ++lastId };
      dropped.register(result, result.id);
      return result;
    },
    wake(program) {
      if (program.id === latest || select(program)) wakeAll(state.crew, program.id);
    },
  };
  collected.register(pool, state);
  return pool;
}
