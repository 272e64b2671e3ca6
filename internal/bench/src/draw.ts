import Table from "cli-table3";
import colors from "picocolors";
import type { Row } from "./rows.js";

/** The rows of a work for a terminal, with or without the time to the first step. */
export function drawn(rows: readonly Row[], first: boolean): string {
  const head = ["contender", "on", "threads", "ms a step", "× Tenon", "loss", "steps", "memory, MB", ...(first ? ["first step after, s"] : [])];
  const style = colors.isColorSupported ? { head: ["bold"], border: ["dim"], compact: true } : { head: [], border: [], compact: true };
  const table = new Table({ head, style, colAligns: ["left", "left", ...new Array<"right">(head.length - 2).fill("right")] });
  for (const { contender, version, runtime, threads, msPerStep, ratioToTenon, firstStepSeconds, memoryMB, firstLoss, finalLoss, steps } of rows) table.push([
    contender.startsWith("tenon") ? colors.bold(contender) : `${contender} ${colors.dim(version)}`, colors.dim(runtime), threads, msPerStep === null ? "not timed" : figure(msPerStep),
    ratioToTenon === null ? "" : ratioToTenon.toFixed(2), `${firstLoss.toFixed(2)} → ${finalLoss.toFixed(2)}`, steps, memoryMB, ...(first ? [firstStepSeconds.toFixed(2)] : []),
  ]);
  return table.toString();
}

const figure = (ms: number): string => ms.toFixed(ms < 10 ? 2 : ms < 1000 ? 1 : 0);
