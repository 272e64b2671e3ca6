// What a training step takes on a GPU with jax-js or TensorFlow.js, through the same Dawn:
// node peers.mjs jax-js|tfjs FOLDER, where FOLDER has MNIST. Prints lines of JSON.
import { createRequire } from "node:module";
import { batchOf } from "../contenders/batches.mjs";
import { chosen, quick } from "./chosen.mjs";
import { gpuOf, isSoftware } from "./engine.mjs";

// Both libraries look for a browser's names.
const gpu = gpuOf();
Object.assign(globalThis, createRequire(import.meta.url)(process.env.TENON_DAWN).globals);
globalThis.navigator ??= { userAgent: "Node.js" };
Object.defineProperty(globalThis.navigator, "gpu", { value: gpu, configurable: true });
const adapter = await gpu.requestAdapter();
if (!adapter) {
  console.error("no adapter was found");
  process.exit(3);
}

const library = process.argv[2];
/** A work in a library: `step(i, batch)` submits a step, `read` gives the value of its loss. */
const makers = {
  async "jax-js"(task) {
    const { jaxJsOf } = await import("../contenders/jax-js-step.mjs");
    const { version, step } = await jaxJsOf(task, "webgpu");
    return { name: `jax-js ${version}`, step, read: (loss) => loss.jsAsync() };
  },
  async tfjs(task) {
    await import("@tensorflow/tfjs-backend-webgpu");
    const { tfjsOf } = await import("../contenders/tfjs-step.mjs");
    const { version, step } = await tfjsOf(task, "webgpu");
    const read = async (loss) => {
      const [value] = await loss.data();
      loss.dispose();
      return value;
    };
    return { name: `TensorFlow.js ${version}`, step: (_, batch) => step(batch), read };
  },
};

const median = (values) => [...values].sort((a, b) => a - b)[values.length >> 1];
/** Steps in this many milliseconds, so that all works of a slow library take seconds. */
const patience = quick || isSoftware ? 500 : 2000;

for (const [work, task] of chosen) {
  const { name, step, read } = await makers[library](task);
  const batches = Array.from({ length: 64 }, (_, i) => batchOf(i, task.batch));
  let at = 0;
  const next = () => step(at, batches[at++ % 64]);
  const losses = [];
  const waits = [];
  const waitFor = async (steps) => {
    for (let i = 0; i < steps; i++) {
      const began = performance.now();
      losses.push(await read(next()));
      waits.push(performance.now() - began);
    }
  };
  await waitFor(5);
  const steps = Math.max(2, Math.min(300, Math.floor(patience / median(waits.splice(0)))));
  await waitFor(steps);
  // Its losses are read when all steps have been submitted.
  const began = performance.now();
  const pending = [];
  for (let i = 0; i < steps; i++) pending.push(next());
  for (const loss of pending) losses.push(await read(loss));
  const together = (performance.now() - began) / steps;
  const figures = { contender: name, work, losses: losses.slice(0, 5), loss: losses.at(-1) };
  const waiting = +median(waits).toFixed(4);
  console.log(JSON.stringify({ ...figures, waiting, together: +together.toFixed(4), steps }));
}
process.exit(0);
