import { missingGpu, softwareGpu } from "@tenon/testkit";
import { webgpu, type Gpu } from "@tenon/webgpu";
import { describe, test } from "vitest";
import { gpuFit, gpuLoss, gpuRuns } from "./gpuFits.js";

if (missingGpu === undefined) {
  const gpu = softwareGpu() as Gpu;
  const engine = await webgpu({ gpu });
  gpuLoss(gpu, engine);
  gpuFit(engine);
  gpuRuns(engine);
} else describe("fit on a GPU", () => void test.skip(`lacks ${missingGpu}`, () => {}));
