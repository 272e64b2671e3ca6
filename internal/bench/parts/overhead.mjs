// node overhead.mjs '{"works":["W1"],"seconds":2}': what JavaScript adds to a step outside of the
// kernels, one line of JSON for each work.
import { engineOf, programOf } from "../contenders/tenon-program.mjs";
import { works } from "../contenders/works.mjs";
import { noise } from "./noise.mjs";

const { works: wanted, seconds } = JSON.parse(process.argv[2]);

/**
 * A program whose kernels are watched: `when` has the times of its last run's beginning and end. On
 * one thread a run is one call of an export.
 */
function watched(engine, task) {
  const { Instance } = WebAssembly;
  const when = [0, 0];
  let modules = 0;
  WebAssembly.Instance = new Proxy(Instance, {
    construct(target, args) {
      const { exports } = new target(...args);
      const { run } = exports;
      if (!run) return { exports };
      modules++;
      return {
        exports: {
          ...exports,
          run() {
            when[0] = performance.now();
            run();
            when[1] = performance.now();
          },
        },
      };
    },
  });
  const program = programOf(engine, task);
  WebAssembly.Instance = Instance;
  if (modules !== 1)
    throw new Error(
      `overhead: expected the engine to make one module with an export "run", got ${modules}; see ` +
        "instantiate in packages/wasm/src/engine.ts",
    );
  return { program, when };
}

const engine = await engineOf(1);
for (const work of wanted) {
  const { program, when } = watched(engine, works[work]);
  const { x, y } = noise(works[work].batch);
  let nextStep = 0;
  const step = () => program.step({ x, y, step: nextStep++, seed: 1 });
  for (let began = performance.now(); performance.now() - began < 300 * seconds;) step();
  const before = [];
  const kernels = [];
  const after = [];
  for (
    let start = performance.now();
    before.length < 50 || performance.now() - start < 1000 * seconds;
  ) {
    const began = performance.now();
    step();
    const ended = performance.now();
    before.push(when[0] - began);
    kernels.push(when[1] - when[0]);
    after.push(ended - when[1]);
  }
  process.stdout.write(`${JSON.stringify({ work, threads: 1, before, kernels, after })}\n`);
}
process.exit(0);
