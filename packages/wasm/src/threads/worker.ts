import { words } from "./phases.js";

/** Between steps that are further apart, in milliseconds, a worker sleeps. */
const longest = 5;

/**
 * What a worker does, as text, so that no bundler has to find a file: it keeps the programs it is sent, and whenever the
 * generation changes it takes part in the run of the program that is on. It looks for about twice as long as steps have been
 * apart, then sleeps: for 50 µs where they come seldom. Who sleeps between the steps of a training run is often woken on the
 * caller's processor, while its own stands idle.
 * A program that it does not know is one whose message waits for it. After a failure the caller waits until all have left before
 * it puts things right; who comes then stays out.
 */
const source = `
const programs = new Map();
let seen = 0, apart = 0;
const work = (control, thread) => {
  for (;;) {
    const began = performance.now(), patience = apart < ${longest} ? 0.05 + 2 * apart : 0.05;
    for (let n = 1; Atomics.load(control, 0) === seen; n++)
      if (n % 64 === 0 && performance.now() - began > patience) Atomics.wait(control, 0, seen);
    seen = Atomics.load(control, 0);
    apart += (Math.min(performance.now() - began, ${4 * longest}) - apart) / 4;
    const program = programs.get(Atomics.load(control, 1));
    if (!program) return;
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
const receive = ({ control, thread, id, module, memory, at, scratch, scratchBytes }) => {
  if (!module) programs.delete(id);
  else {
    const { exports } = new WebAssembly.Instance(module, { env: { memory } });
    programs.set(id, { run: exports.run, words: new Int32Array(memory.buffer, at), scratch: scratch + thread * scratchBytes });
  }
  work(control, thread);
};
`;

/** How a worker of Node, Deno or Bun hears of programs, and one of a browser. */
export const nodeWorker: string = `${source}process.getBuiltinModule("node:worker_threads").parentPort.on("message", receive);`;
export const webWorker: string = `${source}onmessage = ({ data }) => receive(data);`;
