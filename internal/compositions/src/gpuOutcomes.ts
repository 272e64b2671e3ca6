import { gpuSuite, type Theme } from "@tenon/conformance";
import { outcomesOf, type Outcome } from "@tenon/conformance/alone";
import { webgpu, type Gpu } from "@tenon/webgpu";
import { gpuFit, gpuLoss, gpuRuns } from "./gpuFits.js";

/**
 * What became of the tests of the engine for GPUs where vitest does not run, and on what they ran.
 */
export interface GpuOutcomes {
  readonly adapter: string;
  readonly isSoftware: boolean;
  readonly outcomes: readonly Outcome[];
}

/**
 * Runs the tests of the engine for GPUs: the suite, and runs of `fit`.
 *
 * @param only the themes of operations that run, with runs of `fit`. @defaultValue all, and all
 *   runs
 * @param gpu @defaultValue the browser's
 */
export async function gpuOutcomes(only?: readonly Theme[], gpu?: Gpu): Promise<GpuOutcomes> {
  const { navigator } = globalThis as unknown as { readonly navigator: { readonly gpu: Gpu } };
  const source = gpu ?? navigator.gpu;
  const engine = await webgpu({ gpu: source });
  const { vendor, architecture } = engine.adapter!;
  const outcomes = await outcomesOf(() => {
    gpuSuite("webgpu", () => engine, only);
    gpuFit(engine);
    gpuLoss(source, engine);
    if (only === undefined) gpuRuns(engine);
  });
  return { adapter: `${vendor} ${architecture}`, isSoftware: engine.isSoftware, outcomes };
}
