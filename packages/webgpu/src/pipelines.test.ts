import { expect, test } from "vitest";
import type { GpuDevice } from "./gpu.js";
import { pipelineStore } from "./pipelines.js";

/** A device that only says which pipelines it was asked for. */
function recorder(): { readonly device: GpuDevice; readonly made: string[] } {
  const made: string[] = [];
  const device = {
    createBindGroupLayout: (description: object) => description,
    createPipelineLayout: (description: object) => description,
    createShaderModule: ({ code }: { readonly code: string }) => code,
    createComputePipelineAsync: ({
      compute,
    }: {
      readonly compute: { readonly module: string };
    }) => {
      made.push(compute.module);
      return Promise.resolve({});
    },
  };
  return { device: device as unknown as GpuDevice, made };
}

test("a pipeline is made once for each code, until others have taken its place", async () => {
  const { device, made } = recorder();
  const store = pipelineStore(device);
  const first = await store.of("a");
  expect(await store.of("b")).not.toBe(first);
  for (let i = 0; i < 511; i++) void store.of(`c${i}`);
  expect(await store.of("b")).toBeDefined();
  expect(made).toHaveLength(513);
  expect(await store.of("a")).not.toBe(first);
  expect(made.slice(513)).toEqual(["a"]);
});

test("where the device refused one, all are made again", async () => {
  const { device, made } = recorder();
  const store = pipelineStore(device);
  void store.of("a");
  store.clear();
  await store.of("a");
  expect(made).toEqual(["a", "a"]);
});
