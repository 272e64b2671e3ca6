import { words } from "./phases.js";

/** Workers sleep between steps with a longer interval, in milliseconds. */
const longestInterval = 5;

/**
 * The words through which a pool and its workers synchronize, by their index:
 * - `generation` counts the runs that were started; workers sleep on it.
 * - `program` is the number of the program that runs, or 0.
 * - `sent` counts the messages that each worker was sent.
 * - `read` of each worker counts those that it has read.
 */
export const control = {
  generation: 0,
  program: 1,
  sent: 2,
  read: (thread: number): number => 2 + thread,
  words: (threads: number): number => 2 + threads,
} as const;

/** The value of `read` of a worker that has ended. */
export const ended = 0x7fffffff;

/** A message to a worker. The first one has `control` and `thread`. */
export type Message = {
  readonly control?: Int32Array;
  readonly thread?: number;
} & (
  | { readonly task: "hello" | "end" }
  | { readonly task: "forget"; readonly id: number }
  | {
      readonly task: "load";
      readonly id: number;
      readonly modules: readonly WebAssembly.Module[];
      readonly memory: WebAssembly.Memory;
      readonly at: number;
      readonly scratch: number;
      readonly scratchBytes: number;
    }
);

/**
 * The code of a worker, as text, so that no bundler has to find a file. It holds the programs that
 * it was sent, and whenever the generation changes it takes part in the run of the current program.
 * It reads the generation in a loop for about twice the time between steps, then sleeps; where
 * steps are rare it sleeps after 50 µs. (A worker that sleeps between the steps of a training run
 * is often woken on the caller's processor, while its own is idle.)
 *
 * It reads its messages before it works: while some are not read yet (`sent` is larger than what it
 * has read) it returns to its event loop. After a failure the caller waits until all workers are
 * out of the program; a worker that comes later does not enter it.
 */
const source = (): string => `
const programs = new Map();
let control, thread, lastGeneration = 0, read = 0, interval = 0;
const work = () => {
  while (Atomics.load(control, ${control.sent}) === read) {
    const start = performance.now(), limit = interval < ${longestInterval} ? 0.05 + 2 * interval : 0.05;
    for (let n = 1; Atomics.load(control, ${control.generation}) === lastGeneration; n++)
      if (n % 64 === 0 && performance.now() - start > limit) Atomics.wait(control, ${control.generation}, lastGeneration);
    lastGeneration = Atomics.load(control, ${control.generation});
    interval += (Math.min(performance.now() - start, ${4 * longestInterval}) - interval) / 4;
    if (Atomics.load(control, ${control.sent}) !== read) return;
    const program = programs.get(Atomics.load(control, ${control.program}));
    if (!program) continue;
    const { run, words, scratch } = program;
    Atomics.add(words, ${words.active / 4}, 1);
    if (!Atomics.load(words, ${words.failed / 4})) try {
      run(scratch, thread, Atomics.load(words, ${words.epoch / 4}), 1);
    } catch {
      Atomics.store(words, ${words.failed / 4}, 1);
      Atomics.notify(words, ${words.failed / 4});
    }
    Atomics.sub(words, ${words.active / 4}, 1);
  }
};
const receive = (message) => {
  if (message.control) ({ control, thread } = message);
  const { task, id, modules, memory, at, scratch, scratchBytes } = message;
  if (task === "hello") say(thread);
  if (task === "forget") programs.delete(id);
  if (task === "load") {
    let env = { memory };
    for (const module of modules) env = { ...env, ...new WebAssembly.Instance(module, { env }).exports };
    programs.set(id, { run: env.run, words: new Int32Array(memory.buffer, at), scratch: scratch + thread * scratchBytes });
  }
  read++;
  Atomics.store(control, ${control.read(0)} + thread, task === "end" ? ${ended} : read);
  if (task === "end") end();
  else work();
};
`;

/** The code for Node, Deno and Bun, and that for browsers: they receive messages differently. */
export const nodeWorker = (): string => `${source()}
const { parentPort } = process.getBuiltinModule("node:worker_threads");
const say = (what) => parentPort.postMessage(what);
const end = () => (parentPort.close ? parentPort.close() : close()); // Deno's port has no such method
parentPort.on("message", receive);`;
export const webWorker = (): string => `${source()}
const say = (what) => postMessage(what), end = () => close();
onmessage = ({ data }) => receive(data);`;
