import { phasesFunction } from "./phasesFunction.js";
import { workerPool } from "./pool.js";
import { runOnThreads } from "./runOnThreads.js";
import { availableThreads, workersStart } from "./startWorker.js";

/** What runs the steps of a plan on several threads. */
export interface Threading {
  readonly availableThreads: typeof availableThreads;
  readonly workersStart: typeof workersStart;
  readonly workerPool: typeof workerPool;
  readonly phasesFunction: typeof phasesFunction;
  readonly runOnThreads: typeof runOnThreads;
}

export const allThreads: Threading = {
  availableThreads,
  workersStart,
  workerPool,
  phasesFunction,
  runOnThreads,
};
