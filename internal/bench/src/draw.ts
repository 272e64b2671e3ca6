import colors from "picocolors";
import type { Row } from "./rows.js";
import { figure, table } from "./table.js";

/** The rows of a work for a terminal, with or without the time to the first step. */
export function drawn(rows: readonly Row[], first: boolean): string {
  const head = ["contender", "on", "threads", "ms a step", "× Tenon", "loss", "steps", "memory, MB", ...(first ? ["1st step, s"] : [])];
  return table(head, rows.map(({ contender, version, runtime, threads, msPerStep, ratioToTenon, firstStepSeconds, memoryMB, firstLoss, finalLoss, steps }) => [
    contender.startsWith("tenon") ? colors.bold(contender) : `${contender} ${colors.dim(version)}`, colors.dim(runtime), threads, msPerStep === null ? "not timed" : figure(msPerStep),
    ratioToTenon === null ? "" : ratioToTenon.toFixed(2), `${firstLoss.toFixed(2)} → ${finalLoss.toFixed(2)}`, steps, memoryMB, ...(first ? [firstStepSeconds.toFixed(2)] : []),
  ]), 2);
}
