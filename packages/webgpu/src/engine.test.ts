import { array, gpuSuite, mlpProgram } from "@tenon/conformance";
import type { Elements, Encoded, NDArray } from "@tenon/contracts";
import { allFinite, ones, reference, scan, stack, tensor, where, type Tensor } from "@tenon/tensor";
import { withoutNames, missingGpu, softwareGpu } from "@tenon/testkit";
import { describe, expect, test, vi } from "vitest";
import { webgpu } from "./engine.js";
import { explain } from "./explain.js";
import type { Gpu, GpuDevice } from "./gpu.js";
import type { WebgpuProgram } from "./program.js";

if (missingGpu === undefined) {
  const gpu = softwareGpu() as Gpu;
  const software = await webgpu({ gpu });
  /** Another device: an adapter gives one only. */
  const newDevice = async (): Promise<GpuDevice> => (await gpu.requestAdapter())!.requestDevice();
  const engine = await webgpu({ gpu: withoutNames(gpu) as Gpu });
  // All themes take some minutes where other work is done beside: they run with
  // `npm run test:long`.
  const isLong = process.env["TENON_LONG"] !== undefined;
  gpuSuite(
    "webgpu on SwiftShader",
    () => engine,
    isLong ? undefined : ["elementwise", "products", "sums", "states"],
  );

  test("it says what it runs on", () => {
    expect(software.adapter).toMatchObject({ vendor: "google", architecture: "swiftshader" });
    expect(software.isSoftware).toBe(true);
    expect(engine.isSoftware).toBe(false);
  });

  test("a device that was given says what it runs on, where it can", async () => {
    const device = await newDevice();
    const own = await webgpu({ gpu, device });
    expect(own.adapter).toMatchObject({ vendor: "google", architecture: "swiftshader" });
    expect(own.isSoftware).toBe(true);
    const info = { vendor: "", architecture: "", device: "", description: "" };
    for (const isFallbackAdapter of [true, false]) {
      Object.defineProperty(device, "adapterInfo", {
        configurable: true,
        value: { ...info, isFallbackAdapter },
      });
      expect((await webgpu({ gpu, device })).isSoftware).toBe(isFallbackAdapter);
    }
    Object.defineProperty(device, "adapterInfo", { value: undefined });
    expect((await webgpu({ gpu, device })).adapter).toBeUndefined();
  });

  test("on a software adapter, kernels have dispatches of their own, and the results the same bits", async () => {
    const dispatches: number[] = [];
    const [together, apart] = await Promise.all(
      [engine, software].map(async (on) => {
        const program = mlpProgram(on);
        dispatches.push(
          (program as unknown as WebgpuProgram<never, never, never>).plan.dispatches.length,
        );
        const losses = [];
        for (let t = 0; t < 5; t++) {
          const x = array([6, 12], (i) => Math.sin(i * t));
          losses.push((await program.step({ x, y: [0, 0, 0, 1, 1, 1], t, seed: 3 })).loss.data);
        }
        return { losses, state: await program.state() };
      }),
    );
    expect(apart).toEqual(together);
    expect(dispatches[1]).toBeGreaterThan(dispatches[0]!);
  });

  test("what was compiled before needs no new pipelines", async () => {
    const device = await newDevice();
    const make = device.createComputePipelineAsync.bind(device);
    let made = 0;
    device.createComputePipelineAsync = (description) => {
      made++;
      return make(description);
    };
    const own = await webgpu({ gpu, device });
    const doubled = async (start: number): Promise<number> => {
      const program = own.compile(
        ({ w }: { readonly w: Tensor }) => ({ state: { w: w.mul(2) }, outputs: { w } }),
        { w: array([3], () => start) },
        {},
      );
      await program.step({});
      return (await program.state()).w.data[2]!;
    };
    expect(await doubled(1)).toBe(2);
    const first = made;
    expect(first).toBeGreaterThan(2);
    expect(await Promise.all([doubled(5), doubled(7)])).toEqual([10, 14]);
    expect(made).toBe(first);
  });

  test("sums in parts are added where the loop behind them is chained to others", async () => {
    const inputs = { x: array([32, 1600]), w: array([1600, 40], (i) => Math.sin(i) / 40) };
    const outputs = engine.compile(
      (state: object, { x, w }) => ({ state, outputs: { y: x.matmul(w).softmax() } }),
      {},
      inputs,
    );
    const kernels = outputs.plan.dispatches.map(({ kernels }) => kernels.map(({ name }) => name));
    expect(kernels.some((names) => names.length > 2 && /^sum of \d+ parts/.test(names[0]!))).toBe(
      true,
    );
    const { y } = await outputs.step(inputs);
    const expected = reference()
      .compile(
        (state: object, { x, w }) => ({ state, outputs: { y: x.matmul(w).softmax() } }),
        {},
        inputs,
      )
      .step(inputs);
    y.data.forEach((value, i) => expect(value).toBeCloseTo(expected.y.data[i]!, 5));
  });

  test("a step keeps all of its new state or none, at either of its places", async () => {
    const program = engine.compile(
      ({ w, total, kept }: Record<"w" | "total" | "kept", Tensor>, { x, at }) => {
        const picked = x.gather(at);
        const next = { w: w.add(x.mul(2)), total: total.add(picked.sum()) };
        const flag = allFinite([...Object.values(next), where(kept, 0, NaN)]);
        return {
          state: {
            w: where(flag, next.w, w),
            total: where(flag, next.total, total),
            kept: flag,
          },
          outputs: { flag, w: next.w, picked },
        };
      },
      {
        w: array([3], () => 0),
        total: array([], () => 0),
        kept: { shape: [], dtype: "int32", data: Int32Array.of(1) },
      },
      { x: { shape: [3] }, at: { shape: [1], dtype: "int32" } },
    );
    const feed = (value: number, at = 0): Parameters<typeof program.step>[0] => ({
      x: array([3], () => value),
      at: { shape: [1], dtype: "int32", data: Int32Array.of(at) },
    });
    const state = async (): Promise<number[]> => {
      const { w, total, kept } = await program.state();
      return [...w.data, ...total.data, ...kept.data];
    };
    const flags = await Promise.all([1, 10, 100].map((value) => program.step(feed(value))));
    expect(flags.map(({ flag, w }) => [flag.data[0], w.data[2]])).toEqual([
      [1, 2],
      [1, 22],
      [1, 222],
    ]);
    expect(await state()).toEqual([222, 222, 222, 111, 1]);
    const before = await program.state();
    // One that is not finite changes nothing, nor do those behind it.
    const more = await Promise.all([NaN, 1].map((value) => program.step(feed(value))));
    expect(more.map(({ flag }) => flag.data[0])).toEqual([0, 0]);
    expect(await state()).toEqual([222, 222, 222, 111, 0]);
    await program.load(before);
    await program.step(feed(1000));
    expect(await state()).toEqual([2222, 2222, 2222, 1111, 1]);
    // An index out of bounds changes nothing either, until a state is loaded.
    await expect(program.step(feed(1, 3))).rejects.toThrow(/gather/);
    expect(await state()).toEqual([2222, 2222, 2222, 1111, 1]);
    await program.load(before);
    await program.step(feed(1));
    expect(await state()).toEqual([224, 224, 224, 112, 1]);
  });

  test("equal dispatches of a scan are one pipeline", async () => {
    const device = await newDevice();
    const make = vi.spyOn(device, "createComputePipelineAsync");
    const own = await webgpu({ gpu, device });
    const xs = array([24, 4, 8], (i) => Math.sin(i));
    const w = array([8, 8], (i) => Math.cos(i) / 4);
    const step = (state: object, { xs, w }: Record<"xs" | "w", Tensor>) => {
      const h0 = tensor(new Float32Array(32), [4, 8]);
      const { outputs } = scan(
        ({ h }, { x }) => {
          const next = h.matmul(w).add(x).tanh();
          return { state: { h: next }, outputs: { h: next } };
        },
        { h: h0 },
        { x: xs },
      );
      return { state, outputs: { h: outputs.h } };
    };
    const program = own.compile(step, {}, { xs, w });
    const { h } = await program.step({ xs, w });
    const expected = reference().compile(step, {}, { xs, w }).step({ xs, w });
    h.data.forEach((value, i) => expect(value).toBeCloseTo(expected.h.data[i]!, 5));
    expect(program.plan.dispatches.length).toBeGreaterThan(24);
    expect(make.mock.calls.length).toBeGreaterThan(3);
    expect(make.mock.calls.length).toBeLessThan(12);
  });

  test("a program explains itself, and its state stays", async () => {
    const program = engine.compile(
      ({ w }: { readonly w: Tensor }, { x }) => ({
        state: { w: w.add(x.mul(2).sum()) },
        outputs: { y: x.exp() },
      }),
      { w: array([8]) },
      { x: { shape: [8] } },
    );
    const before = await program.state();
    const lines = (await explain(program, { x: array([8]) })).split("\n");
    expect(await program.state()).toEqual(before);
    expect(lines[0]).toMatch(/^makes +kernel +ops +items +KB +MFLOP( +ms +share +GFLOP\/s)?$/);
    expect(lines).toHaveLength(5 + program.plan.dispatches.length);
    await expect(program.profile({ x: array([7]) })).rejects.toThrow(
      "step: expected x (float32 [8]), got",
    );
    expect(lines.some((line) => /^\d dispatches do \d operations: 0.0 MFLOP /.test(line))).toBe(
      true,
    );
  });

  /** How many dispatches each submission to a device has, as they are made. */
  function dispatchesOf(device: GpuDevice): number[] {
    const counts: number[] = [];
    let dispatches = 0;
    const begin = device.createCommandEncoder.bind(device);
    device.createCommandEncoder = (description) => {
      const encoder = begin(description);
      const pass = encoder.beginComputePass.bind(encoder);
      encoder.beginComputePass = (description) => {
        const made = pass(description);
        const dispatch = made.dispatchWorkgroups.bind(made);
        made.dispatchWorkgroups = (...groups) => {
          dispatches++;
          dispatch(...groups);
        };
        return made;
      };
      return encoder;
    };
    const submit = device.queue.submit.bind(device.queue);
    device.queue.submit = (commands) => {
      if (dispatches > 0) counts.push(dispatches);
      dispatches = 0;
      submit(commands);
    };
    return counts;
  }

  // The second input is so large that there are two slots only.
  test.each([
    { portion: undefined, elements: 1, steps: 100 },
    { portion: 0.001, elements: 1, steps: 50 },
    { portion: 0.001, elements: 2_400_000, steps: 3 },
  ])(
    "steps in flight are answered in order, in portions: $portion ms, $elements elements",
    async ({ portion, elements, steps }) => {
      const device = await newDevice();
      const counts = dispatchesOf(device);
      const program = (await webgpu({ gpu, device, ...(portion && { portion }) })).compile(
        ({ n }: { readonly n: Tensor }, { x }) => ({
          state: { n: n.add(x.slice([0], [1]).sum()) },
          outputs: { n },
        }),
        { n: array([], () => 0) },
        { x: { shape: [elements] } },
      );
      const x = new Float32Array(elements);
      const answers = Array.from({ length: steps }, (_, i) => program.step({ x: x.fill(i, 0, 1) }));
      const state = program.state();
      await program.load({ n: array([], () => 7) });
      const seen = (await Promise.all(answers)).map(({ n }) => n.data[0]);
      expect(seen).toEqual(seen.map((_, i) => (i * Math.max(0, i - 1)) / 2));
      expect((await state).n.data[0]).toBe((steps * (steps - 1)) / 2);
      expect((await program.state()).n.data[0]).toBe(7);
      const dispatches = steps * (2 + program.plan.dispatches.length);
      expect(counts.reduce((sum, count) => sum + count, 0)).toBe(dispatches);
      if (portion === undefined) expect(counts.length).toBeLessThan(steps);
      else expect(Math.max(...counts)).toBeLessThanOrEqual(2);
    },
  );

  test("a data set is copied to the device once; steps then take its rows", async () => {
    // Rows of 1029 bytes: not whole words. Three channels.
    const bytesOf = (count: number, seed: number): Uint8Array =>
      Uint8Array.from({ length: 1029 * count }, (_, i) => (i * seed) >> 3);
    const [one, other] = [bytesOf(9, 7919), bytesOf(5, 104729)];
    const palettes = [1, 3].map((channels) => array([256 * channels], Math.cos).data);
    const batch = (of: Uint8Array, rows: readonly number[], palette: Elements): NDArray => {
      const bytes = new Uint8Array(3 * 1029);
      rows.forEach((row, i) => bytes.set(of.subarray(1029 * row, 1029 * (row + 1)), 1029 * i));
      const channels = palette.length / 256;
      const data = Float32Array.from(bytes, (byte, i) => palette[256 * (i % channels) + byte]!);
      const encoded = { bytes, palette, rows: { of, indices: Uint32Array.from(rows) } };
      return { shape: [3, 1029], dtype: "float32", data, encoded: () => encoded as Encoded };
    };
    const batches = [
      batch(one, [8, 0, 3], palettes[0]!),
      batch(one, [2, 2, 7], palettes[0]!),
      batch(other, [4, 1, 0], palettes[0]!),
      batch(other, [0, 3, 4], palettes[1]!),
      batch(one, [5, 6, 7], palettes[1]!),
    ];
    const device = await newDevice();
    const written: number[] = [];
    const { queue } = device;
    const write = queue.writeBuffer.bind(queue);
    queue.writeBuffer = (to, at, data, begin, size) => {
      written.push(size ?? data.byteLength);
      write(to, at, data, begin, size);
    };
    for (const residentBytes of [2 ** 28, 9 * 1029 + 3, 0]) {
      const own = await webgpu({ gpu, device, residentBytes });
      const program = own.compile(
        (state: object, { x }: { readonly x: Tensor }) => ({ state, outputs: { y: x.mul(2) } }),
        {},
        { x: { shape: [3, 1029] } },
      );
      written.splice(0);
      const answers = await Promise.all(batches.map((x) => program.step({ x })));
      answers.forEach(({ y }, i) => expect(y.data).toEqual(batches[i]!.data.map((v) => 2 * v)));
      const palette = palettes.map(({ length }) => 4 * (4 + length));
      const large = written.filter((size) => size > 3000 && !palette.includes(size));
      if (residentBytes === 2 ** 28) expect(large).toEqual([9 * 1029 - 1, 5 * 1029 - 1]);
      if (residentBytes === 0) expect(large).toHaveLength(5);
    }
  });

  test("each of many large inputs is fed as values or as bytes", async () => {
    const names = Array.from({ length: 33 }, (_, i) => `x${String(i).padStart(2, "0")}`);
    const spec = { shape: [1025] } as const;
    const program = software.compile(
      (state: object, inputs: Readonly<Record<string, Tensor>>) => ({
        state,
        outputs: { y: stack(names.map((name) => inputs[name]!.sum())) },
      }),
      {},
      Object.fromEntries(names.map((name) => [name, spec])),
    );
    const palette = Float32Array.from({ length: 256 }, (_, i) => i / 256);
    const encodedOf = (i: number): NDArray => ({
      ...array([1025], () => i / 256),
      encoded: () => ({ bytes: new Uint8Array(1025).fill(i), palette }),
    });
    for (const isEncoded of [(i: number) => i % 2 === 0, (i: number) => i % 31 === 0]) {
      const feeds = names.map((name, i): [string, NDArray] => [
        name,
        isEncoded(i) ? encodedOf(i) : array([1025], () => i / 256),
      ]);
      const { y } = await program.step(Object.fromEntries(feeds));
      y.data.forEach((sum, i) => expect(sum).toBeCloseTo((1025 * i) / 256, 2));
    }
  });

  test("where the device refuses a program, the error says why and what to do", async () => {
    const compiled = async (device: GpuDevice): Promise<unknown> =>
      (await webgpu({ gpu, device }))
        .compile((state: object) => ({ state, outputs: { y: ones([2]) } }), {}, {})
        .step({});
    const device = await newDevice();
    const make = device.createShaderModule.bind(device);
    device.createShaderModule = ({ code }) => make({ code: `${code}\nfn wrong() { let x = y; }` });
    await expect(compiled(device)).rejects.toThrow(
      /^webgpu: expected a program that the device takes, got one that it refused \(unresolved value 'y', line \d+ of a shader\); report it, or use wasm\(\)$/,
    );
    const other = await newDevice();
    const pop = other.popErrorScope.bind(other);
    let scopes = 0;
    other.popErrorScope = async () =>
      (await pop()) ?? (++scopes % 2 === 0 ? { message: "no room" } : null);
    await expect(compiled(other)).rejects.toThrow(
      "got one that does not fit in its memory (no room); take a smaller batch, or wasm()",
    );
  });

  test("where the device is lost, steps say so, and why", async () => {
    const device = await newDevice();
    const own = await webgpu({ gpu, device });
    const program = own.compile(
      ({ w }: { readonly w: Tensor }) => ({
        state: { w: w.mul(2) },
        outputs: { w },
      }),
      { w: array([2]) },
      {},
    );
    await program.step({});
    device.destroy();
    await expect(program.step({})).rejects.toThrow("webgpu: the device was lost (destroyed: ");
    await expect(program.state()).rejects.toThrow("go on from the last checkpoint");
    if (device.features.has("timestamp-query"))
      await expect(program.profile({})).rejects.toThrow("webgpu: the device was lost");
  });
} else describe("webgpu", () => void test.skip(`lacks ${missingGpu}`, () => {}));

test("where there is no GPU, the error says what to do", async () => {
  await expect(webgpu({ gpu: { requestAdapter: () => Promise.resolve(null) } })).rejects.toThrow(
    "webgpu: expected a GPU that WebGPU can use, got none: no adapter was found; install the GPU's driver",
  );
  for (const option of ["gpu", "adapter", "device"])
    await expect(webgpu({ [option]: 1 })).rejects.toThrow(
      `webgpu: expected ${option} as an object of WebGPU, with `,
    );
  for (const portion of [0, NaN, "8"])
    await expect(webgpu({ portion } as never)).rejects.toThrow(
      "webgpu: expected portion as milliseconds > 0, got",
    );
  await expect(webgpu({ gpus: 1 } as never)).rejects.toThrow(
    'webgpu: expected options { gpu, adapter, device, portion, residentBytes }, got "gpus"',
  );
});
