import { array } from "@tenon/conformance";
import { ones, type Tensor } from "@tenon/tensor";
import { expect, test, vi } from "vitest";
import { webgpu } from "./engine.js";
import { explain } from "./explain.js";
import type { GpuDevice } from "./gpu.js";
import { withGpu } from "./testing/withGpu.js";
import { usage } from "./usage.js";

test("explain refuses what is no program of this package", async () => {
  for (const program of [undefined, null, 5, {}])
    await expect(explain(program as never, {})).rejects.toThrow(
      "explain: expected a program that webgpu() compiled, got ",
    );
});

await withGpu("errors of webgpu", ({ gpu, newDevice }) => {
  test("where the device refuses a program, the error says why and what to do", async () => {
    const compiled = async (device: GpuDevice): Promise<unknown> =>
      (await webgpu({ gpu, device }))
        .compile((state: object) => ({ state, outputs: { y: ones([2]) } }), {}, {})
        .step({});
    const device = await newDevice();
    const make = device.createShaderModule.bind(device);
    device.createShaderModule = ({ code }) => make({ code: `${code}\nfn wrong() { let x = y; }` });
    await expect(compiled(device)).rejects.toThrow(
      /^step: expected a program that the device takes, got one that it refused \(unresolved value 'y', line \d+ of a shader\); report it, or use wasm\(\)$/,
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

  test("a program that is too large is refused in the name of compile", async () => {
    const device = await newDevice();
    Object.defineProperty(device, "limits", {
      value: {
        maxBufferSize: 2 ** 20,
        maxStorageBufferBindingSize: 2 ** 20,
        maxComputeWorkgroupStorageSize: 2 ** 14,
      },
    });
    const own = await webgpu({ gpu, device });
    expect(() =>
      own.compile((state: object) => ({ state, outputs: { y: ones([2 ** 20]) } }), {}, {}),
    ).toThrow("compile: expected a step that needs at most");
  });

  test.each([undefined, 0.001])(
    "where the device refuses a submission, no step is answered with zeros: portion %s",
    async (portion) => {
      const device = await newDevice();
      const uncaptured = vi.fn();
      (device as unknown as EventTarget).addEventListener("uncapturederror", uncaptured);
      const own = await webgpu({ gpu, device, ...(portion && { portion }) });
      const program = own.compile(
        ({ w }: { readonly w: Tensor }) => ({ state: { w: w.add(1) }, outputs: { w } }),
        { w: array([2], () => 1) },
        {},
      );
      expect((await program.step({})).w.data[1]).toBe(1);
      const begin = device.createCommandEncoder.bind(device);
      device.createCommandEncoder = () => {
        const encoder = begin();
        // Nothing is at this place of the memory: the first submission only is refused.
        device.createCommandEncoder = begin;
        const buffer = device.createBuffer({ size: 4, usage: usage.storage });
        encoder.copyBufferToBuffer(buffer, 0, buffer, 4, 4);
        return encoder;
      };
      const steps = Array.from({ length: 20 }, () => program.step({}));
      const settled = await Promise.allSettled(steps);
      const refused = ": expected a submission that the device takes, got one that it refused (";
      for (const step of settled)
        expect(step).toMatchObject({
          reason: { message: expect.stringContaining(`step${refused}`) as string },
        });
      await expect(program.state()).rejects.toThrow(`state${refused}`);
      await expect(program.load({ w: array([2]) })).rejects.toThrow(`load${refused}`);
      await expect(program.step({})).rejects.toThrow("go on from the last checkpoint");
      expect(uncaptured).not.toHaveBeenCalled();
    },
  );

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
});

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
