import { control as words, nodeWorker, webWorker, type Message } from "./workerSource.js";

/** A thread that takes part in the steps of programs. */
export interface WorkerHandle {
  post(message: Message): void;
  stop(): void;
}

export interface WorkerListener {
  /** The worker has answered the message "hello". */
  ready?(): void;
  /** It could not start, or it died. */
  lost(): void;
}

/** The parts of `node:worker_threads` and `node:os` that are used, which Deno and Bun have too. */
interface NodeWorker {
  postMessage(message: unknown): void;
  terminate(): unknown;
  unref(): void;
  on(event: "message" | "error" | "exit", listener: () => void): unknown;
}
interface WorkerThreads {
  readonly Worker: new (source: string, options: { eval: true; name: string }) => NodeWorker;
}
interface Platform {
  getBuiltinModule?(name: "node:worker_threads"): WorkerThreads | undefined;
  getBuiltinModule?(name: "node:os"): { availableParallelism(): number } | undefined;
  /** Present if Node runs with its permission model. */
  readonly permission?: { has(scope: "worker"): boolean };
}

const node = (): Platform | undefined => (globalThis as { readonly process?: Platform }).process;

/** How many threads may run at once on this machine; 1 where threads cannot share memory. */
export function availableThreads(): number {
  if (typeof SharedArrayBuffer === "undefined") return 1;
  const os = node()?.getBuiltinModule?.("node:os");
  if (os) return os.availableParallelism();
  // Some browsers do not say how many.
  return typeof Worker === "undefined" ? 1 : (navigator.hardwareConcurrency ?? 2);
}

/** A worker that has not answered after this many milliseconds is not expected to. */
const answerMilliseconds = 3000;

/**
 * Whether workers may be started here. Node's permission model says so; a page's content security
 * policy shows only in an event after the attempt, so there one worker is tried.
 */
export async function workersStart(): Promise<boolean> {
  const platform = node();
  if (platform?.getBuiltinModule?.("node:worker_threads")) {
    return platform.permission?.has("worker") ?? true;
  }
  return new Promise((resolve) => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const settle = (starts: boolean, worker?: WorkerHandle): void => {
      clearTimeout(timer);
      worker?.stop();
      resolve(starts);
    };
    try {
      const worker = startWorker({
        ready: () => settle(true, worker),
        lost: () => settle(false, worker),
      });
      const control = new Int32Array(new SharedArrayBuffer(64));
      // As if another message had been sent, so that it does not start to work.
      control[words.sent] = 2;
      worker.post({ task: "hello", control, thread: 1 });
      timer = setTimeout(() => settle(false, worker), answerMilliseconds);
    } catch {
      settle(false);
    }
  });
}

/** Starts a worker. Throws where that is forbidden, or calls `lost` later. */
export function startWorker({ ready, lost }: WorkerListener): WorkerHandle {
  const threads = node()?.getBuiltinModule?.("node:worker_threads");
  if (threads) {
    const worker = new threads.Worker(nodeWorker(), { eval: true, name: "tenon" });
    worker.on("message", () => ready?.());
    worker.on("error", lost);
    worker.on("exit", lost);
    worker.unref(); // it never keeps a process alive
    return {
      post: (message) => worker.postMessage(message),
      stop: () => void worker.terminate(),
    };
  }
  const url = URL.createObjectURL(new Blob([webWorker()], { type: "text/javascript" }));
  const worker = new Worker(url, { name: "tenon" });
  worker.onmessage = () => ready?.();
  worker.onerror = (event) => {
    event.preventDefault();
    lost();
  };
  return {
    post: (message) => worker.postMessage(message),
    stop: () => worker.terminate(),
  };
}
