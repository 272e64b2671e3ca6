import { golden } from "@tenon/golden";
import { missingGpu, softwareGpu } from "@tenon/testkit";
import { webgpu, type Gpu } from "@tenon/webgpu";
import { describe, test } from "vitest";
import { expectSteps, trained, type RunRow } from "./goldenRuns.js";

// SwiftShader takes seconds for a step: `npm run test:long` has TENON_LONG.
const absent = process.env["TENON_LONG"] === undefined ? "time: npm run test:long" : missingGpu;
const steps = 4;

describe("runs of PyTorch begin alike on the engine for GPUs", async () => {
  if (absent !== undefined) return void test.skip(`lacks ${absent}`, () => {});
  const engine = await webgpu({ gpu: softwareGpu() as Gpu });
  for (const row of golden<RunRow>("training"))
    test(row.id, async () => expectSteps(row, await trained(row, engine, steps)), 1_800_000);
});
