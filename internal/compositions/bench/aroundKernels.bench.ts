// What a training step costs outside its kernels, and what it allocates: the sample app's CNN,
// batches of 64 MNIST-sized images.
import { dataset, rescale, toUnit } from "@tenon/data";
import { crossEntropy } from "@tenon/losses";
import { accuracy } from "@tenon/metrics";
import { modelOf } from "@tenon/mnist/models";
import { adam } from "@tenon/optimizers";
import { fit, startOf, trainingStep } from "@tenon/trainer";
import { wasm } from "@tenon/wasm";

const batchSize = 64;
const warm = 100;
const steps = 400;
const samples = 100;
const n = batchSize * (warm + steps + samples);

// Every run of a module's kernels under a stopwatch.
let inKernels = 0;
const { Instance } = WebAssembly;
WebAssembly.Instance = function (module: WebAssembly.Module, imports: WebAssembly.Imports) {
  const { exports } = new Instance(module, imports);
  const run = (...args: number[]): void => {
    const began = performance.now();
    (exports["run"] as (...args: number[]) => void)(...args);
    inKernels += performance.now() - began;
  };
  return { exports: { ...exports, run } };
} as never;

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;
const model = modelOf({
  classes: 10,
  model: "cnn",
  filters: 32,
  dropout: 0.5,
  init: "glorot-uniform",
  normalization: "none",
});
const optimizer = adam();
const input = [28, 28, 1];
const images = Uint8Array.from({ length: n * 784 }, (_, i) => 255 * Math.abs(Math.sin(i * i)));
const labels = Int32Array.from({ length: n }, (_, i) => i % 10);
const arrays = {
  x: { shape: [n, 28, 28], dtype: "int32", data: images },
  y: { shape: [n], dtype: "int32", data: labels },
} as const;
const data = rescale(dataset(arrays, { exampleShape: input }), toUnit());

interface Seen {
  readonly whole: number;
  readonly kernels: number;
  readonly heap: number;
  readonly buffers: number;
}

/**
 * Calls `next` again and again: what a call takes on average, garbage collection and all, then what
 * it allocates, the median.
 */
async function measure(next: () => Promise<unknown>): Promise<Seen> {
  for (let i = 0; i < warm; i++) await next();
  inKernels = 0;
  const began = performance.now();
  for (let i = 0; i < steps; i++) await next();
  const whole = (performance.now() - began) / steps;
  const kernels = inKernels / steps;

  const allocated = async (what: () => Promise<unknown>): Promise<readonly [number, number]> => {
    const before = process.memoryUsage();
    await what();
    const after = process.memoryUsage();
    return [after.heapUsed - before.heapUsed, after.arrayBuffers - before.arrayBuffers];
  };
  const allocations: (readonly [number, number])[] = [];
  const baseline: (readonly [number, number])[] = []; // measuring allocates, too
  for (let i = 0; i < samples; i++) {
    allocations.push(await allocated(next));
    baseline.push(await allocated(async () => {}));
  }
  const medianOf = (k: 0 | 1): number =>
    median(allocations.map((each) => each[k])) - median(baseline.map((each) => each[k]));
  return { whole, kernels, heap: medianOf(0), buffers: medianOf(1) };
}

function say(what: string, { whole, kernels, heap, buffers }: Seen): void {
  const outside = whole - kernels;
  console.log(
    `  ${what.padEnd(34)} ${whole.toFixed(3)} ms, ${outside.toFixed(3)} ms outside kernels ` +
      `(${((100 * outside) / whole).toFixed(2)} %), ${(heap / 1024).toFixed(1)} KB of heap and ` +
      `${(buffers / 1024).toFixed(1)} KB of buffers allocated`,
  );
}

for (const threads of [1, 2]) {
  const engine = await wasm({ threads });
  const scalar = { shape: [], dtype: "int32" } as const;
  console.log(`threads: ${engine.threads}`);
  const program = engine.compile(
    trainingStep(model, { loss: crossEntropy, optimizer }),
    startOf(model, input, optimizer, 1),
    {
      x: { shape: [batchSize, ...input] },
      y: { shape: [batchSize], dtype: "int32" },
      seed: scalar,
      step: scalar,
    },
  );
  const { x, y } = data.gather(Array.from({ length: batchSize }, (_, i) => i));
  let step = 0;
  say("program.step", await measure(async () => program.step({ x, y, seed: 1, step: step++ })));
  const events = fit(model, {
    train: data,
    loss: crossEntropy,
    metrics: [accuracy],
    optimizer,
    batchSize,
    seed: 1,
    engine,
  });
  await events.next(); // the start
  const batches = data.batches({ batchSize, seed: 1, epoch: 0 })[Symbol.iterator]();
  say("a batch alone", await measure(async () => batches.next()));
  say("a step of fit: batch, step, metric", await measure(() => events.next()));
}
