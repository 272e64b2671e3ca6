import { words } from "./phases.js";

/** Between steps that are further apart, in milliseconds, a worker sleeps. */
const longest = 5;

/**
 * The words through which a pool and its workers meet, by their place:
 * - `generation` counts the runs that were started; workers sleep on it.
 * - `program` is the number of the program that runs, or 0.
 * - `sent` counts the messages that each worker was sent.
 * - `read` of each worker counts those it has read.
 */
export const control = {
  generation: 0,
  program: 1,
  sent: 2,
  read: (thread: number): number => 2 + thread,
  words: (threads: number): number => 2 + threads,
} as const;

/** What `read` says when a worker has left. */
export const left = 0x7fffffff;

/** What a worker is told. The first message has `control` and `thread`. */
export type Message = {
  readonly control?: Int32Array;
  readonly thread?: number;
} & (
  | { readonly task: "hello" | "leave" }
  | { readonly task: "forget"; readonly id: number }
  | {
      readonly task: "learn";
      readonly id: number;
      readonly module: WebAssembly.Module;
      readonly memory: WebAssembly.Memory;
      readonly at: number;
      readonly scratch: number;
      readonly scratchBytes: number;
    }
);

/**
 * What a worker does, as text, so that no bundler has to find a file. It keeps the programs that it
 * was told of, and whenever the generation changes it takes part in the run of the program that is
 * on. It looks at the generation for about twice as long as steps have been apart, then sleeps; for
 * 50 µs only where steps come seldom. A worker that sleeps between the steps of a training run is
 * often woken on the caller's processor, while its own stands idle.
 *
 * It reads its messages before it works: while some are on their way (`sent` is ahead of what it
 * has read) it returns to its event loop. After a failure the caller waits until all have left the
 * program; a worker that comes later stays out.
 */
const source = `
const programs = new Map();
let control, thread, seen = 0, read = 0, apart = 0;
const work = () => {
  while (Atomics.load(control, ${control.sent}) === read) {
    const began = performance.now(), patience = apart < ${longest} ? 0.05 + 2 * apart : 0.05;
    for (let n = 1; Atomics.load(control, ${control.generation}) === seen; n++)
      if (n % 64 === 0 && performance.now() - began > patience) Atomics.wait(control, ${control.generation}, seen);
    seen = Atomics.load(control, ${control.generation});
    apart += (Math.min(performance.now() - began, ${4 * longest}) - apart) / 4;
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
  const { task, id, module, memory, at, scratch, scratchBytes } = message;
  if (task === "hello") say(thread);
  if (task === "forget") programs.delete(id);
  if (task === "learn") {
    const { exports } = new WebAssembly.Instance(module, { env: { memory } });
    programs.set(id, { run: exports.run, words: new Int32Array(memory.buffer, at), scratch: scratch + thread * scratchBytes });
  }
  read++;
  Atomics.store(control, ${control.read(0)} + thread, task === "leave" ? ${left} : read);
  if (task === "leave") leave();
  else work();
};
`;

/** How a worker of Node, Deno or Bun gets its messages, and one of a browser. */
export const nodeWorker: string = `${source}
const { parentPort } = process.getBuiltinModule("node:worker_threads");
const say = (what) => parentPort.postMessage(what);
const leave = () => (parentPort.close ? parentPort.close() : close()); // Deno's port has no such method
parentPort.on("message", receive);`;
export const webWorker: string = `${source}
const say = (what) => postMessage(what), leave = () => close();
onmessage = ({ data }) => receive(data);`;
