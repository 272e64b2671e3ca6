import { phasesOf } from "./threads/phases.js";
import type { PlanView } from "./view.js";

/** The work and the time of one kernel call of a plan. */
export interface StepTime {
  /** The operations whose results it stores. */
  readonly label: string;
  /** The kernel's name, with its shapes. */
  readonly kernel: string;
  /** How many operations of the graph it computes. */
  readonly fused: number;
  /** The number of items into which its work is cut, for threads to share. */
  readonly workItems: number;
  /** Floating-point operations. */
  readonly flops: number;
  /** Bytes of all arrays that it reads and writes. */
  readonly bytes: number;
  /** The fastest of all runs. */
  readonly milliseconds: number;
}

/** The kernels of a plan as a table, in the order in which they run. */
export function explained(steps: readonly StepTime[], plan: PlanView, threads: number): string {
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
