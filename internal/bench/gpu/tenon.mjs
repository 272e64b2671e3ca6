// What a training step takes on a GPU with Tenon: node tenon.mjs FOLDER, where FOLDER has MNIST.
// Prints lines of JSON. The npm package `webgpu` is found by its name, or TENON_DAWN names its
// dawn.node.
import { explain } from "@tenon/webgpu";
import { batchOf } from "../contenders/batches.mjs";
import { programOf } from "../contenders/tenon-program.mjs";
import { chosen, quick } from "./chosen.mjs";
import { gpuEngine } from "./engine.mjs";
import { feedsOf } from "./feeds.mjs";

const say = (message) => console.log(JSON.stringify(message));
const { engine } = await gpuEngine();
say({
  adapter: { ...pick(engine.adapter) },
  isSoftware: engine.isSoftware,
  runtime: `Node ${process.versions.node}`,
});

function pick(info) {
  const { vendor, architecture, device, description } = info ?? {};
  return { vendor, architecture, device, description };
}
const median = (values) => [...values].sort((a, b) => a - b)[values.length >> 1];
const sum = (values) => values.reduce((total, value) => total + value, 0);

for (const [name, task] of chosen) {
  const began = performance.now();
  const program = programOf(engine, task);
  const compiled = performance.now();
  let step = 0;
  const run = ({ x, y }) => program.step({ x, y, step: step++, seed: 1 });
  const batches = feedsOf(batchOf, task, 64, "rows");
  const losses = [(await run(batches[0])).loss.data[0]];
  const ready = performance.now();
  while (losses.length < 5) losses.push((await run(batches[losses.length])).loss.data[0]);
  const { dispatches, bytes } = program.plan;
  say({
    work: name,
    dispatches: dispatches.length,
    kernels: sum(dispatches.map(({ kernels }) => kernels.length)),
    megabytes: +(bytes / 2 ** 20).toFixed(2),
    mflop: +(
      sum(dispatches.flatMap(({ kernels }) => kernels.map(({ flops }) => flops))) / 1e6
    ).toFixed(1),
    planMs: +(compiled - began).toFixed(1),
    firstStepMs: +(ready - compiled).toFixed(1),
  });
  const steps = quick ? 4 : engine.isSoftware ? 20 : 500;
  for (const kind of ["rows", "bytes", "floats"]) {
    const given = feedsOf(batchOf, task, 64, kind);
    // Each step waits for its loss.
    const waits = [];
    for (let i = 0; i < steps; i++) {
      const start = performance.now();
      await run(given[i % 64]);
      waits.push(performance.now() - start);
    }
    // Up to sixteen steps in flight, as `fit` has them; the time that the calls take themselves.
    const rounds = [];
    let callMs = 0;
    let loss;
    for (let round = 0; round < (steps > 100 ? 5 : 1); round++) {
      const pending = [];
      const start = performance.now();
      for (let i = 0; i < steps; i++) {
        const before = performance.now();
        pending.push(run(given[i % 64]));
        callMs += performance.now() - before;
        if (pending.length >= engine.stepsInFlight) loss = (await pending.shift()).loss.data[0];
      }
      for (const answer of pending) loss = (await answer).loss.data[0];
      rounds.push((performance.now() - start) / steps);
    }
    say({
      contender: `Tenon, fed ${kind}`,
      work: name,
      waiting: +median(waits).toFixed(4),
      together: +Math.min(...rounds).toFixed(4),
      medianTogether: +median(rounds).toFixed(4),
      call: +(callMs / (rounds.length * steps)).toFixed(4),
      ...(kind === "rows" && { losses }),
      loss,
    });
  }
  if (process.argv.includes("--explain"))
    console.log(await explain(program, { ...batches[0], step, seed: 1 }));
}

// Square products.
if (!process.argv.includes("--no-products"))
  for (const n of engine.isSoftware ? [128] : [512, 1024, 2048, 4096]) {
    const values = Float32Array.from({ length: n * n }, (_, i) => Math.sin(i));
    const matrix = { shape: [n, n], dtype: "float32", data: values };
    const program = engine.compile(
      ({ a, b }) => ({ state: { a, b, c: a.matmul(b) }, outputs: {} }),
      { a: matrix, b: matrix, c: matrix },
      {},
    );
    await program.step({});
    const repeats = Math.max(3, Math.min(200, Math.round(1e12 / (2 * n ** 3))));
    const times = [];
    for (let round = 0; round < 5; round++) {
      const start = performance.now();
      const steps = [];
      for (let i = 0; i < repeats; i++) steps.push(program.step({}));
      await Promise.all(steps);
      times.push((performance.now() - start) / repeats);
    }
    const best = Math.min(...times);
    const { c } = await program.state();
    let expected = 0;
    for (let k = 0; k < n; k++) expected += values[k] * values[k * n];
    say({
      product: n,
      kernel: program.plan.dispatches[0].kernels[0].name,
      ms: +best.toFixed(4),
      tflops: +((2 * n ** 3) / best / 1e9).toFixed(2),
      error: Math.abs(c.data[0] - expected),
    });
  }
process.exit(0);
