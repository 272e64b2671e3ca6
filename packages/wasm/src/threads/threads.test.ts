import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "esbuild";
import fc from "fast-check";
import { expect, test, type TestContext } from "vitest";
import type { NDArray } from "@tenon/contracts";
import { conv2d, gradients, maxPool2d, sizeOf, uniform, where, type Tensor } from "@tenon/tensor";
import { moduleBuilder } from "@tenon/emit";
import * as i32 from "@tenon/emit/i32";
import type { Use } from "@tenon/plan";
import { wasm } from "../engine.js";
import { phasesOf, wordsBytes, worthSharing, type SharedStep } from "./phases.js";
import { phasesFunction } from "./phasesFunction.js";
import { workerPool } from "./pool.js";
import { runOnThreads } from "./runOnThreads.js";

const array = (shape: readonly number[], seed: number, scale = 1): NDArray => ({
  shape,
  dtype: "float32",
  data: Float32Array.from(
    { length: sizeOf(shape) },
    (_, i) => scale * Math.sin(i * 12.9898 + seed),
  ),
});
const x = { shape: [24, 14, 14, 8] };
const y = { shape: [24], dtype: "int32" } as const;
const scalar = { shape: [], dtype: "int32" } as const;
const start = {
  w: array([3, 3, 8, 16], 1, 0.1),
  v: array([6 * 6 * 16, 10], 2, 0.1),
  mean: array([8], 3),
};

/** A step with the operations of networks: Winograd's convolution, pooling, dropout, products. */
const compiled = async (threads: number) =>
  (await wasm({ threads })).compile(
    ({ w, v, mean }, { x, y, step, seed }) => {
      const features = maxPool2d(conv2d(x.sub(mean), w), 2)
        .maximum(0)
        .reshape([24, 6 * 6 * 16]);
      const dropped = where(
        uniform(features.shape, seed, step, 7).greater(0.5),
        features.mul(2),
        0,
      );
      const loss = dropped
        .matmul(v)
        .logSoftmax()
        .takeAlong(y.reshape([24, 1]), 1)
        .mean()
        .neg();
      const grads = gradients(loss, { w, v });
      return {
        state: {
          w: w.sub(grads.w.mul(0.1)),
          v: v.sub(grads.v.mul(0.1)),
          mean: mean.mul(0.9).add(x.mean([0, 1, 2]).mul(0.1)),
        },
        outputs: { loss },
      };
    },
    start,
    { x, y, step: scalar, seed: scalar },
  );
const feeds = (step: number) => ({
  x: array(x.shape, step).data,
  y: Int32Array.from({ length: 24 }, (_, i) => (i * 7 + step) % 10),
  step,
  seed: 3,
});
const bits = (state: object): unknown =>
  Object.values(state as Record<string, NDArray>).map(({ data }) => [
    ...new Uint32Array((data as Float32Array).buffer),
  ]);

/** Skips a test, and says so, where there is one processor: an engine uses one thread there. */
function needsTwoProcessors(context: TestContext): void {
  if (availableParallelism() > 1) return;
  console.warn(`SKIPPED: one processor here, so "${context.task.name}" was not tested`);
  context.skip();
}

test("any number of threads gives the same bits", async () => {
  const after = async (threads: number): Promise<unknown> => {
    const program = await compiled(threads);
    const losses = [0, 1, 2, 3, 4].map((step) => program.step(feeds(step)).loss.data[0]);
    return [losses, bits(program.state())];
  };
  const oneThread = await after(1);
  for (const threads of [2, 3, 5]) expect(await after(threads)).toEqual(oneThread);
});

test("programs of one engine run in turn, are compiled and dropped", async () => {
  const engine = await wasm({ threads: 2 });
  const sums = [1, 2, 3, 4].map((k) =>
    engine.compile(
      (_: object, { a }: { a: Tensor }) => ({ state: {}, outputs: { y: a.mul(k).exp().sum(0) } }),
      {},
      { a: { shape: [300, 400] } },
    ),
  );
  const a = array([300, 400], 1).data;
  const expected = sums.map((program) => program.step({ a }).y.data);
  for (let i = 0; i < 20; i++)
    for (const k of [2, 0, 3, 1]) expect(sums[k]!.step({ a }).y.data).toEqual(expected[k]);
});

test("more programs run in turn than workers hold, while others are compiled and dropped", async () => {
  const engine = await wasm({ threads: 3 });
  const make = (k: number) =>
    engine.compile(
      (state: { s: Tensor }, { a }: { a: Tensor }) => ({
        state: { s: state.s.add(a.mul(k)) },
        outputs: { y: a.add(state.s).exp().sum(0) },
      }),
      { s: array([100, 300], k) },
      { a: { shape: [100, 300] } },
    );
  const alone = (await wasm({ threads: 1 })).compile;
  const twin = (k: number) =>
    alone(
      (state: { s: Tensor }, { a }: { a: Tensor }) => ({
        state: { s: state.s.add(a.mul(k)) },
        outputs: { y: a.add(state.s).exp().sum(0) },
      }),
      { s: array([100, 300], k) },
      { a: { shape: [100, 300] } },
    );
  const pairs = Array.from({ length: 50 }, (_, k) => [make(k), twin(k)] as const);
  const a = array([100, 300], 1).data;
  for (let round = 0; round < 3; round++) {
    for (const [shared, alone] of pairs)
      expect(shared.step({ a }).y.data).toEqual(alone.step({ a }).y.data);
    // These are dropped.
    for (let k = 0; k < 20; k++) make(k).step({ a });
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  for (const [shared, alone] of pairs) expect(bits(shared.state())).toEqual(bits(alone.state()));
});

test("a failure on any thread fails the step, and the next step works", async () => {
  const [program, other] = [await compiled(3), await compiled(1)];
  for (let i = 0; i < 100; i++) {
    expect(() =>
      program.step({ ...feeds(0), y: new Int32Array(24).fill(i % 2 ? 10 : -1) }),
    ).toThrow(`Along: expected indices below 10, the size of the axis, got ${i % 2 ? 10 : -1}`);
    program.load(start);
    other.load(start);
    expect(program.step(feeds(i)).loss).toEqual(other.step(feeds(i)).loss);
    expect(bits(program.state())).toEqual(bits(other.state()));
  }
});

/** Work items that store the scratch address which they were called with, after some work. */
const scratchByItem = (workItems: number, { failing = -1, iterations = 50_000 } = {}) => {
  const kernel = { workItems, flops: 1e9 };
  const phases = phasesOf([{ kernel }], 2);
  const countersAddress = 1024;
  const builder = moduleBuilder({ shared: true });
  const parameters = { scratch: "i32", begin: "i32", end: "i32" } as const;
  const worker = builder.func("worker", parameters, (f, { scratch, begin, end }) => {
    const sum = f.local("i32");
    f.for(begin, end, 1, (item) => {
      f.for(0, iterations, 1, (i) => f.set(sum, i32.add(i32.mul(sum, 3), i)));
      f.if(i32.eq(item, failing), () => f.trap());
      f.store("i32", i32.mul(item, 4), i32.add(scratch, i32.and(sum, 0)));
    });
  });
  phasesFunction(builder, {
    phases,
    threads: 2,
    at: countersAddress,
    callStep: (f, _, { scratch, range }) => f.call(worker, scratch, ...range!),
  });
  const module = new WebAssembly.Module(builder.toBytes());
  const memory = new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true });
  const run = new WebAssembly.Instance(module, { env: { memory } }).exports["run"] as (
    ...args: number[]
  ) => void;
  expect(countersAddress + wordsBytes(phases, 2)).toBeLessThan(65536);
  return {
    by: new Int32Array(memory.buffer, 0, workItems),
    run: runOnThreads(
      {
        modules: [module],
        memory,
        at: countersAddress,
        scratch: 100,
        scratchBytes: 10,
        bytes: 65536,
      },
      run,
      phases,
      workerPool(2),
    ),
  };
};

test("workers take chunks", async (context) => {
  needsTwoProcessors(context);
  // So long that a worker wakes meanwhile, also on a busy machine.
  const { by, run } = scratchByItem(8, { iterations: 5_000_000 });
  while (new Set(by).size < 2) {
    await new Promise((resolve) => setTimeout(resolve, 5));
    by.fill(0);
    run();
    for (const scratch of by) expect([100, 110]).toContain(scratch);
  }
});

test("a worker that fails makes the caller fail, every time", async () => {
  const { by, run } = scratchByItem(8, { failing: 5 });
  for (let i = 0; i < 30; i++) {
    by.fill(0);
    expect(run).toThrow(WebAssembly.RuntimeError);
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
});

test("small steps are done by one thread, large ones in chunks of whole work items", () => {
  const step = (workItems: number, flops: number) => ({ kernel: { workItems, flops } });
  const phases = phasesOf([step(1, 1e9), step(9, 10), step(64, 1e6), step(1, 1), step(3, 1e6)], 2);
  expect(phases.map(({ steps, chunks, itemsPerChunk }) => [steps, chunks, itemsPerChunk])).toEqual([
    [[0, 1], 1, 0],
    [[2], 8, 8],
    [[3], 1, 0],
    [[4], 3, 1],
  ]);
  expect(worthSharing(phases)).toBe(true);
  expect(worthSharing(phasesOf([step(1, 1e9)], 2))).toBe(false);
});

test("a phase waits for those that use the same memory, unless an earlier one has", () => {
  const step = (large: boolean, ...places: readonly (readonly [number, number, Use])[]) => ({
    kernel: large ? { workItems: 8, flops: 1e6 } : { workItems: 1, flops: 1 },
    places: places.map(([begin, end, use]) => ({ begin, end, use })),
  });
  const steps = [
    step(true, [0, 64, "write"]),
    step(true, [64, 128, "write"]),
    step(false, [0, 64, "read"], [200, 208, "mark"]),
    step(false, [64, 128, "read"], [200, 208, "mark"]),
    step(false, [64, 128, "read"], [128, 192, "write"]),
    step(true, [32, 48, "write"]),
    step(true, [128, 192, "read"], [0, 8, "read"], [200, 208, "mark"]),
    { kernel: { workItems: 1, flops: 1 } },
    step(true, [0, 300, "read"]),
  ];
  expect(phasesOf(steps, 2).map((phase) => [phase.steps, phase.awaits])).toEqual([
    [[0], []],
    [[1], []],
    [[2], [0]],
    [[3, 4], [1]],
    [[5], [2]],
    [[6], [3]],
    [[7], [4, 5]],
    [[8], [6]],
  ]);
});

test("before a phase begins, all have waited for the phases that must be done", () => {
  const place = fc
    .record({
      begin: fc.nat(6),
      length: fc.integer({ min: 1, max: 3 }),
      use: fc.constantFrom<Use>("read", "write", "mark"),
    })
    .map(({ begin, length, use }) => ({ begin, end: begin + length, use }));
  const repetition = { times: 3 };
  const step = fc.record({
    kernel: fc.constantFrom({ workItems: 8, flops: 1e6 }, { workItems: 1, flops: 1 }),
    places: fc.option(fc.array(place, { maxLength: 3 }), { nil: undefined }),
  });
  const steps = fc
    .tuple(...[0, 1, 2].map(() => fc.array(step, { maxLength: 8 })))
    .map((lists) =>
      lists.flatMap((list, i) => list.map((x) => (i === 1 ? { ...x, repetition } : x))),
    );
  fc.assert(
    fc.property(steps, (list: SharedStep[]) => {
      const phases = phasesOf(list, 2);
      expect(phases.flatMap((phase) => phase.steps)).toEqual([...list.keys()]);
      const phaseOf = list.map((_, i) => phases.findIndex((phase) => phase.steps.includes(i)));
      list.forEach((later, j) =>
        list.slice(0, j).forEach((earlier, i) => {
          const [before, after] = [phaseOf[i]!, phaseOf[j]!];
          // All wait for a phase that is repeated as soon as no work is left in it.
          if (before === after || earlier.repetition) return;
          const meet =
            !earlier.places ||
            !later.places ||
            earlier.places.some((a) =>
              later.places!.some(
                (b) =>
                  Math.max(a.begin, b.begin) < Math.min(a.end, b.end) &&
                  (a.use === "write" || a.use !== b.use),
              ),
            );
          const awaited = phases.slice(0, after + 1).flatMap(({ awaits }) => awaits);
          if (meet) expect(awaited).toContain(before);
        }),
      );
    }),
  );
});

test("threads are a whole number", async (context) => {
  for (const threads of [0, 1.5, -2, NaN])
    await expect(wasm({ threads })).rejects.toThrow(
      `wasm: expected a whole number of threads ≥ 1, got ${threads}`,
    );
  needsTwoProcessors(context);
  expect((await wasm({ threads: 3 })).threads).toBe(3);
});

test("workers keep no process alive", async () => {
  const folder = mkdtempSync(join(tmpdir(), "tenon-threads-"));
  try {
    const outfile = join(folder, "program.mjs");
    await build({
      stdin: {
        resolveDir: import.meta.dirname,
        contents: `
        import { wasm } from "../engine.ts";
        const program = (await wasm({ threads: 2 })).compile((_, { a }) => ({ state: {}, outputs: { y: a.exp().sum() } }), {}, { a: { shape: [1000, 1000] } });
        for (let i = 0; i < 20; i++) program.step({ a: new Float32Array(1e6) });
        console.log(program.step({ a: new Float32Array(1e6) }).y.data[0]);`,
      },
      outfile,
      bundle: true,
      platform: "node",
      format: "esm",
      logLevel: "silent",
    });
    const { status, stdout, stderr } = spawnSync(process.execPath, [outfile], {
      encoding: "utf8",
      timeout: 100_000,
    });
    expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: "1000000\n", stderr: "" });
  } finally {
    rmSync(folder, { recursive: true });
  }
});
