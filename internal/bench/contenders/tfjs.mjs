import { serve, task } from "./contender.mjs";
import { tfjsOf } from "./tfjs-step.mjs";

const backend = process.env.TENON_TFJS;
if (backend === "wasm") (await import("./tfjs-wasm.mjs")).prepareWasm();
const { version, step } = await tfjsOf(task, backend);
const tuned = "tuned by hand: it transposes before it multiplies; has no threads in Node";
const lacking = "; the gradient of a convolution's kernel, which it lacks, is ours";
const note = backend === "wasm" ? `${tuned}${task.convolutions ? lacking : ""}` : "";
await serve({ version, note }, (_, batch) => {
  const loss = step(batch);
  const [value] = loss.dataSync();
  loss.dispose();
  return value;
});
