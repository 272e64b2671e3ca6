import { array } from "@tenon/conformance";
import type { Elements, Encoded, NDArray } from "@tenon/contracts";
import { slice, stack, type Tensor } from "@tenon/tensor";
import { expect, test, vi } from "vitest";
import { webgpu } from "./engine.js";
import type { GpuDevice } from "./gpu.js";
import { withGpu } from "./testing/withGpu.js";

await withGpu("what webgpu is fed", ({ gpu, software, newDevice }) => {
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
          state: { n: n.add(slice(x, [0], [1]).sum()) },
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

  const bytesOf = (count: number, seed: number): Uint8Array =>
    Uint8Array.from({ length: 1029 * count }, (_, i) => (i * seed) >> 3);

  /** Rows of 1029 bytes of a data set, which are not whole words. */
  function batch(of: Uint8Array, rows: readonly number[], palette: Elements): NDArray {
    const bytes = new Uint8Array(3 * 1029);
    rows.forEach((row, i) => bytes.set(of.subarray(1029 * row, 1029 * (row + 1)), 1029 * i));
    const channels = palette.length / 256;
    const data = Float32Array.from(bytes, (byte, i) => palette[256 * (i % channels) + byte]!);
    const encoded = { bytes, palette, rows: { of, indices: Uint32Array.from(rows) } };
    return { shape: [3, 1029], dtype: "float32", data, encoded: () => encoded as Encoded };
  }

  const doubled = (state: object, { x }: { readonly x: Tensor }) => ({
    state,
    outputs: { y: x.mul(2) },
  });

  test("a data set is copied to the device once; steps then take its rows", async () => {
    const [one, other] = [bytesOf(9, 7919), bytesOf(5, 104729)];
    // Three channels.
    const palettes = [1, 3].map((channels) => array([256 * channels], Math.cos).data);
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
      const program = own.compile(doubled, {}, { x: { shape: [3, 1029] } });
      const palette = palettes.map(({ length }) => 4 * (4 + length));
      const largeOnes = async (): Promise<number[]> => {
        written.splice(0);
        const answers = await Promise.all(batches.map((x) => program.step({ x })));
        answers.forEach(({ y }, i) => expect(y.data).toEqual(batches[i]!.data.map((v) => 2 * v)));
        return written.filter((size) => size > 3000 && !palette.includes(size));
      };
      // Until the device has said that it has room, it is fed bytes.
      const first = await largeOnes();
      const second = await largeOnes();
      if (residentBytes === 2 ** 28) {
        expect(first.slice(0, 2)).toEqual([9 * 1029 - 1, 5 * 1029 - 1]);
        expect([first.length, second.length]).toEqual([7, 0]);
      }
      if (residentBytes === 0) expect([first.length, second.length]).toEqual([5, 5]);
    }
  });

  test("where a data set finds no room on the device, steps are fed its bytes", async () => {
    const device = await newDevice();
    const uncaptured = vi.fn();
    (device as unknown as EventTarget).addEventListener("uncapturederror", uncaptured);
    const make = device.createBuffer.bind(device);
    let refused = 0;
    device.createBuffer = (description) => {
      const isDataSet = description.size === 9 * 1029 + 3;
      refused += Number(isDataSet);
      // One that may not be had: what is asked of it is refused.
      return make(isDataSet ? { ...description, usage: -1 >>> 1 } : description);
    };
    const program = (await webgpu({ gpu, device })).compile(
      doubled,
      {},
      { x: { shape: [3, 1029] } },
    );
    const of = bytesOf(9, 7919);
    const palette = Float32Array.from({ length: 256 }, (_, i) => i);
    for (const rows of [
      [8, 0, 3],
      [1, 2, 7],
      [4, 4, 5],
    ]) {
      const x = batch(of, rows, palette);
      const { y } = await program.step({ x });
      expect(y.data).toEqual(x.data.map((v) => 2 * v));
    }
    expect(refused).toBe(1);
    expect(uncaptured).not.toHaveBeenCalled();
  });

  test("a palette that came with a refused feed is there after it", async () => {
    const program = software.compile(
      (state: object, { x, y }: Record<"x" | "y", Tensor>) => ({
        state,
        outputs: { z: x.sum().add(y.sum()) },
      }),
      {},
      { x: { shape: [1025] }, y: { shape: [2] } },
    );
    const palette = Float32Array.from({ length: 256 }, (_, i) => i);
    const encoded = { bytes: new Uint8Array(1025).fill(3), palette };
    const x: NDArray = { ...array([1025], () => 3), encoded: () => encoded };
    await expect(program.step({ x, y: [1, 2, 3] })).rejects.toThrow("got 3 values");
    await program.load({});
    const { z } = await program.step({ x, y: [5, 6] });
    expect(z.data[0]).toBe(3 * 1025 + 11);
  });

  test("outputs of some megabytes leave room for the steps in flight within the default limits", async () => {
    const own = await webgpu({ gpu, device: await newDevice() });
    const size = 2_100_000;
    const program = own.compile(
      (state: object, { x }: { readonly x: Tensor }) => ({
        state,
        outputs: { y: x.broadcastTo([size]) },
      }),
      {},
      { x: { shape: [] } },
    );
    const answers = await Promise.all([1, 2, 3, 4].map((x) => program.step({ x })));
    answers.forEach(({ y }, i) => expect([y.data[0], y.data[size - 1]]).toEqual([i + 1, i + 1]));
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
});
