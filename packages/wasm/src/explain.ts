import { phasesOf } from "./threads/phases.js";
import type { WasmEngine, WasmProgram } from "./options.js";
import type { PlanView } from "./view.js";

/**
 * A table of the kernels that a program runs: what is fused, bytes, operations, the share of time
 * of each. It runs the step several times and restores the state.
 */
export function explain<S, I, O>(
  engine: Pick<WasmEngine, "threads">,
  program: WasmProgram<S, I, O>,
  inputs: I,
): string {
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
  const steps = plan.steps.map(({ label, kernel, fused, operands }, i) => ({
    label,
    kernel: kernel.key,
    fused,
    workItems: kernel.workItems,
    flops: kernel.flops,
    bytes: operands.reduce((sum, { bytes }) => sum + bytes, 0),
    milliseconds: times[i]!,
  }));
  const totalOf = (figure: "milliseconds" | "flops" | "fused"): number =>
    steps.reduce((sum, step) => sum + step[figure], 0);
  const total = totalOf("milliseconds");
  const rows = steps.map(({ label, kernel, fused, workItems, flops, bytes, milliseconds }) => [
    counted(label),
    short(kernel),
    `${fused}`,
    `${workItems}`,
    kilobytes(bytes),
    (flops / 1e6).toFixed(2),
    milliseconds.toFixed(3),
    `${((100 * milliseconds) / total).toFixed(1)} %`,
    (flops / milliseconds / 1e6).toFixed(1),
  ]);
  const table = [
    ["makes", "kernel", "ops", "items", "KB", "MFLOP", "ms", "share", "GFLOP/s"],
    ...rows,
  ];
  const widths = table[0]!.map((_, column) => Math.max(...table.map((row) => row[column]!.length)));
  const line = (row: readonly string[]): string =>
    row
      .map((cell, i) => (i < 2 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!)))
      .join("  ")
      .trimEnd();
  const rule = "─".repeat(widths.reduce((sum, width) => sum + width + 2, -2));
  const phases = phasesOf(plan.steps, threads);
  const sharedPhases = phases.filter(({ chunks }) => chunks > 1).length;
  return [
    line(table[0]!),
    rule,
    ...rows.map(line),
    rule,
    `${steps.length} kernels do ${totalOf("fused")} ` +
      `operations: ${(totalOf("flops") / 1e6).toFixed(1)} MFLOP in ${total.toFixed(2)} ms, one after the ` +
      "other on one thread",
    `memory: ${kilobytes(plan.bytes)} KB, of which each thread has ` +
      `${kilobytes(plan.scratchBytes)} KB to itself`,
    threads > 1
      ? `${threads} threads share ${sharedPhases} of ${phases.length} phases`
      : "one thread",
  ].join("\n");
}

const kilobytes = (bytes: number): string => Math.ceil(bytes / 1024).toLocaleString("en");

/** `where ×3, add` */
function counted(label: string): string {
  if (/of/.test(label)) return label; // a copy of state
  const counts = new Map<string, number>();
  for (const word of label.split(" ")) counts.set(word, (counts.get(word) ?? 0) + 1);
  return [...counts].map(([word, n]) => (n > 1 ? `${word} ×${n}` : word)).join(", ");
}

/** A kernel's name without the body of its loop. */
function short(kernel: string): string {
  return /^\S+( \d+)?( \[[\d,]*\])?/.exec(kernel)![0];
}
