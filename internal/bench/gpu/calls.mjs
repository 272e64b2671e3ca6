// What a step takes of its caller: dispatches, bytes, and the time of the calls of the driver.
// node calls.mjs. The times are medians of single calls, times how many there are in a step; the
// last one is that of all a step's calls on the caller's side, its own work included.
import { batchOf } from "../contenders/batches.mjs";
import { programOf } from "../contenders/tenon-program.mjs";
import { chosen, quick } from "./chosen.mjs";
import { withoutNames } from "../../testkit/src/softwareGpu.js";
import { gpuEngine, gpuOf, isSoftware } from "./engine.mjs";
import { feedsOf } from "./feeds.mjs";

/** The times of all calls of a function, in µs, and the bytes that they were given. */
const calls = new Map();
function count(object, names) {
  const prototype = Object.getPrototypeOf(object);
  for (const name of names) {
    const original = prototype[name];
    prototype[name] = function (...given) {
      const start = performance.now();
      const result = original.apply(this, name === "dispatchWorkgroups" ? sizesOf(given) : given);
      const entry = calls.get(name) ?? { times: [], bytes: 0 };
      entry.times.push(1000 * (performance.now() - start));
      // Of `writeBuffer` and `copyBufferToBuffer`, the last argument is the number of bytes.
      if (typeof given[4] === "number") entry.bytes += given[4];
      calls.set(name, entry);
      return result;
    };
  }
}

/** On a software adapter nothing is computed: only the calls are measured. */
const sizesOf = (given) => (isSoftware ? [0, 1] : given);

/** Counts the calls of all devices from now on. */
async function countCalls(gpu) {
  const device = await (await gpu.requestAdapter()).requestDevice();
  const encoder = device.createCommandEncoder();
  const pass = encoder.beginComputePass();
  count(device, ["createCommandEncoder"]);
  count(device.queue, ["writeBuffer", "submit"]);
  count(encoder, ["beginComputePass", "copyBufferToBuffer", "finish"]);
  count(pass, ["setPipeline", "setBindGroup", "dispatchWorkgroups", "end"]);
}
const encoding = ["createCommandEncoder", "beginComputePass", "setBindGroup", "setPipeline"].concat(
  ["dispatchWorkgroups", "end", "copyBufferToBuffer", "finish"],
);
const median = (values) => [...values].sort((a, b) => a - b)[values.length >> 1] ?? 0;
const sum = (values) => values.reduce((total, value) => total + value, 0);

const gpu = gpuOf();
// The dispatches are those of a GPU: on a software adapter kernels have their own.
const { engine } = await gpuEngine(isSoftware ? withoutNames(gpu) : gpu);
await countCalls(gpu);
const steps = quick ? 20 : 200;
const rows = [];
for (const [name, task] of chosen) {
  const program = programOf(engine, task);
  for (const kind of ["rows", "bytes"]) rows.push(await measured(name, task, program, kind));
}

async function measured(name, task, program, kind) {
  const feeds = feedsOf(batchOf, task, steps, kind);
  await program.step({ ...feeds[0], step: 0, seed: 1 });
  calls.clear();
  const stepTimes = [];
  const answers = [];
  for (const [i, feed] of feeds.entries()) {
    const start = performance.now();
    answers.push(program.step({ ...feed, step: 1 + i, seed: 1 }));
    stepTimes.push(1000 * (performance.now() - start));
    if (answers.length >= engine.stepsInFlight) await answers.shift();
  }
  await Promise.all(answers);
  const timeOf = (name) => {
    const { times } = calls.get(name) ?? { times: [] };
    return (median(times) * times.length) / steps;
  };
  const bytesOf = (name) => (calls.get(name)?.bytes ?? 0) / steps;
  const { dispatches, bytes } = program.plan;
  const all = calls.get("dispatchWorkgroups").times.length / steps;
  const encodingTime = sum(encoding.map(timeOf));
  return {
    work: name,
    fed: kind,
    dispatches: `${dispatches.length} + ${all - dispatches.length}`,
    "memory, MB": (bytes / 2 ** 20).toFixed(1),
    "kernels read and write, MB": (
      sum(dispatches.flatMap(({ kernels }) => kernels.map(({ bytes }) => bytes))) /
      2 ** 20
    ).toFixed(1),
    "written, KB": (bytesOf("writeBuffer") / 1024).toFixed(1),
    "answered, bytes": bytesOf("copyBufferToBuffer").toFixed(0),
    "encoding, µs": encodingTime.toFixed(1),
    "of a dispatch, µs": (encodingTime / all).toFixed(2),
    "writing inputs, µs": timeOf("writeBuffer").toFixed(1),
    "a submission, µs": median(calls.get("submit").times).toFixed(1),
    "step(), µs": median(stepTimes).toFixed(1),
  };
}
const { info } = await gpu.requestAdapter();
console.log(`On ${info.description || info.architecture}, a step:`);
console.table(rows);
process.exit(0);
