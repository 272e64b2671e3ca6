import { serve, task } from "./contender.mjs";

// It uses one thread for each core, or one where memory cannot be shared.
if (task.threads === 1) delete globalThis.SharedArrayBuffer;
const { jaxJsOf } = await import("./jax-js-step.mjs");
const { version, note, step } = await jaxJsOf(task, "wasm");
await serve({ version, note }, (at, batch) => step(at, batch).dataSync()[0]);
