import { checkExplained, kilobytes, planTable } from "@tenon/plan";
import type { WebgpuProgram } from "./program.js";

/**
 * A table of the dispatches that a program runs: what is fused, workgroups, bytes, operations and,
 * where the device has timestamps, the time of each. It runs each dispatch 100 times and restores
 * the state.
 *
 * @throws if the program is not one that an engine of this package compiled
 */
export async function explain<S, I, O>(
  program: WebgpuProgram<S, I, O>,
  inputs: I,
): Promise<string> {
  checkExplained(program, "webgpu", "explain(engine.compile(…), inputs)");
  const { dispatches, bytes } = program.plan;
  const state = await program.state();
  const times = await program.profile(inputs, 100);
  await program.load(state);
  const rows = dispatches.map(({ workgroups, kernels }, i) => {
    const sumOf = (figure: "fused" | "bytes" | "flops"): number =>
      kernels.reduce((sum, kernel) => sum + kernel[figure], 0);
    return {
      label: kernels.map(({ label }) => label).join(" "),
      kernels: kernels.map(({ name }) => name),
      ...{ fused: sumOf("fused"), items: workgroups, bytes: sumOf("bytes"), flops: sumOf("flops") },
      milliseconds: times?.[i],
    };
  });
  const note = times ? "by the clock of the GPU" : "whose times this device cannot tell";
  return `${planTable(rows, "dispatches", note)}\nmemory: ${kilobytes(bytes)} KB`;
}
