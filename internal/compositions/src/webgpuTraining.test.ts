import { golden } from "@tenon/golden";
import { missingGpu, softwareGpu } from "@tenon/testkit";
import { webgpu, type Gpu } from "@tenon/webgpu";
import { describe, test } from "vitest";
import { differencesOf, expectRun, type RunRow } from "./goldenRuns.js";

// SwiftShader takes some 0.3 s for a step of the MLP, 2 s for one of the others: whole runs are
// compared by `npm run test:long`, which has TENON_LONG.
const isLong = process.env["TENON_LONG"] !== undefined;
const begun: Readonly<Record<string, number>> = {
  "training/mlp/adamw-clip-cosine": 8,
  "training/cnn-batch-norm/momentum": 2,
};

describe("runs of PyTorch on the engine for GPUs", async () => {
  if (missingGpu !== undefined) return void test.skip(`lacks ${missingGpu}`, () => {});
  const engine = await webgpu({ gpu: softwareGpu() as Gpu });
  for (const row of golden<RunRow>("training")) {
    const steps = isLong ? row.steps : begun[row.id];
    if (steps !== undefined)
      test(
        `${row.id}, ${steps} steps`,
        async () => expectRun(row, await differencesOf(row, engine, steps)),
        3_600_000,
      );
  }
});
