import { array, gpuSuite, mlpProgram } from "@tenon/conformance";
import { reference, scan, tensor, type Tensor } from "@tenon/tensor";
import { expect, test, vi } from "vitest";
import { webgpu } from "./engine.js";
import { explain } from "./explain.js";
import type { WebgpuProgram } from "./program.js";
import { withGpu } from "./testing/withGpu.js";

await withGpu("webgpu", ({ gpu, engine, software, newDevice }) => {
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
    const { limits, features } = software;
    expect(JSON.parse(JSON.stringify({ limits, features }))).toEqual({ limits, features });
    expect(Object.keys(limits)).toEqual([
      "maxStorageBufferBindingSize",
      "maxBufferSize",
      "maxComputeWorkgroupStorageSize",
    ]);
    for (const limit of Object.values(limits)) expect(limit).toBeGreaterThanOrEqual(2 ** 14);
    expect(["", "timestamp-query"]).toContain(features.join());
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
});
