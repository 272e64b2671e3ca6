import { nodeWorker, webWorker } from "./worker.js";

/** A module that several threads run on one memory. */
export interface Shared {
  readonly module: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
  /** Where the words lie through which threads meet. */
  readonly at: number;
  /** Where the scratch memory of the first thread lies, and how large that of each is. */
  readonly scratch: number;
  readonly scratchBytes: number;
}

/** Threads that help the one that calls. */
export interface Pool {
  /** How many there are, with the caller's own. */
  readonly threads: number;
  /** Whether the caller may sleep while it waits; the main thread of a page may not. */
  readonly maySleep: boolean;
  /** Tells the helpers of a program. `owner` keeps it alive: when it is collected, they forget the program. */
  add(program: Shared, owner: object): number;
  /** Wakes the helpers to take part in a run of the program with this number. */
  wake(id: number): void;
}

/** The parts of `node:worker_threads` and `node:os` that are used, which Deno and Bun have too. */
interface NodeWorker {
  postMessage(message: unknown): void;
  terminate(): unknown;
  unref(): void;
}
interface Platform {
  getBuiltinModule?(name: "node:worker_threads"): { readonly Worker: new (source: string, options: { readonly eval: true; readonly name: string }) => NodeWorker } | undefined;
  getBuiltinModule?(name: "node:os"): { availableParallelism(): number } | undefined;
}

const node = (): Platform | undefined => (globalThis as { readonly process?: Platform }).process;

/** How many threads may run at once on this machine; 1 where threads cannot share memory. */
export function availableThreads(): number {
  if (typeof SharedArrayBuffer === "undefined") return 1;
  const os = node()?.getBuiltinModule?.("node:os");
  if (os) return os.availableParallelism();
  return typeof Worker === "undefined" ? 1 : navigator.hardwareConcurrency;
}

interface Helper {
  post(message: unknown): void;
  stop(): void;
}

/** Helpers whose pool nobody holds any more have nothing left to do. */
const idle = new FinalizationRegistry<readonly Helper[]>((helpers) => helpers.forEach((helper) => helper.stop()));

function startHelper(): Helper {
  const threads = node()?.getBuiltinModule?.("node:worker_threads");
  if (threads) {
    const worker = new threads.Worker(nodeWorker, { eval: true, name: "tenon" });
    worker.unref(); // it never keeps a process alive
    return { post: (message) => worker.postMessage(message), stop: () => void worker.terminate() };
  }
  const url = URL.createObjectURL(new Blob([webWorker], { type: "text/javascript" }));
  const worker = new Worker(url, { name: "tenon" });
  return { post: (message) => worker.postMessage(message), stop: () => void worker.terminate() };
}

/** Starts helpers: with the caller they are `threads`. */
export function pool(threads: number): Pool {
  const control = new Int32Array(new SharedArrayBuffer(8));
  const helpers = Array.from({ length: threads - 1 }, startHelper);
  let last = 0;
  const wake = (id: number): void => {
    Atomics.store(control, 1, id);
    Atomics.add(control, 0, 1);
    Atomics.notify(control, 0);
  };
  const tell = (message: object): void => helpers.forEach((helper, i) => helper.post({ control, thread: i + 1, ...message }));
  const forgotten = new FinalizationRegistry<number>((id) => {
    tell({ id });
    wake(0); // no program has this number: they read their messages
  });
  const made: Pool = {
    threads,
    maySleep: typeof document === "undefined",
    add(program, owner) {
      tell({ ...program, id: ++last });
      forgotten.register(owner, last);
      return last;
    },
    wake,
  };
  idle.register(made, helpers);
  return made;
}
