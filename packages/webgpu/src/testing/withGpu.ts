import { missingGpu, softwareGpu, withoutNames } from "@tenon/testkit";
import { describe, test } from "vitest";
import { webgpu, type WebgpuEngine } from "../engine.js";
import type { Gpu, GpuDevice } from "../gpu.js";

/** SwiftShader for tests. */
export interface TestGpu {
  readonly gpu: Gpu;
  /** The engine on it as if it were hardware: kernels share dispatches. */
  readonly engine: WebgpuEngine;
  /** The engine on it as it is. */
  readonly software: WebgpuEngine;
  /** Another device: an adapter gives one only. */
  newDevice(): Promise<GpuDevice>;
}

/** Tests on SwiftShader; without it one that is skipped and says what is missing. */
export async function withGpu(about: string, tests: (on: TestGpu) => void): Promise<void> {
  if (missingGpu !== undefined)
    return void describe(about, () => void test.skip(`lacks ${missingGpu}`, () => {}));
  const gpu = softwareGpu() as Gpu;
  tests({
    gpu,
    engine: await webgpu({ gpu: withoutNames(gpu) as Gpu }),
    software: await webgpu({ gpu }),
    newDevice: async () => (await gpu.requestAdapter())!.requestDevice(),
  });
}
