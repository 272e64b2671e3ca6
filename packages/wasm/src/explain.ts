import { checkExplained, kilobytes, planTable } from "@tenon/plan";
import { phasesOf } from "./threads/phases.js";
import type { WasmEngine, WasmProgram } from "./options.js";
import type { PlanView } from "./view.js";

/**
 * A table of the kernels that a program runs: what is fused, bytes, operations, the share of time
 * of each. It runs the step several times and restores the state.
 *
 * @throws if the program is not one that an engine of this package compiled
 */
export function explain<S, I, O>(
  engine: Pick<WasmEngine, "threads">,
  program: WasmProgram<S, I, O>,
  inputs: I,
): string {
  checkExplained(program, "wasm", "explain(engine, engine.compile(…), inputs)");
  const state = program.state();
  try {
    const runs = Array.from({ length: 20 }, () => program.profile(inputs));
    const fastest = program.plan.steps.map((_, i) => Math.min(...runs.map((times) => times[i]!)));
    return tableOf(fastest, program.plan, engine.threads);
  } finally {
    program.load(state);
  }
}

/** The kernels of a plan as a table, in the order in which they run. */
function tableOf(times: readonly number[], plan: PlanView, threads: number): string {
  const rows = plan.steps.map(({ label, kernel, fused, operands, repetition }, i) => ({
    ...{ label, times: repetition?.times, kernels: [kernel.key] },
    fused,
    items: kernel.workItems,
    flops: (repetition?.times ?? 1) * kernel.flops,
    bytes: operands.reduce((sum, { bytes }) => sum + bytes, 0),
    milliseconds: times[i]!,
  }));
  const phases = phasesOf(plan.steps, threads);
  const sharedPhases = phases.filter(({ chunks }) => chunks > 1).length;
  return [
    planTable(rows, "kernels", "one after the other on one thread"),
    `memory: ${kilobytes(plan.bytes)} KB, of which each thread has ` +
      `${kilobytes(plan.scratchBytes)} KB to itself`,
    threads > 1
      ? `${threads} threads share ${sharedPhases} of ${phases.length} phases`
      : "one thread",
  ].join("\n");
}
