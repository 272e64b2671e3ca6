import { join } from "node:path";
import { table } from "../table.js";
import { answers, each, type Alone, type Setting } from "./alone.js";

/** What JavaScript adds to a step of one work on one thread, and what it allocates. */
export interface OverheadRow extends Alone {
  readonly part: "overhead";
  readonly work: string;
  readonly threads: number;
  /** How many steps the medians are of. */
  readonly steps: number;
  /** Microseconds of a step in the kernels; before them, where the batch is copied in; after them, where outputs are copied out. */
  readonly kernelUs: number;
  readonly beforeUs: number;
  readonly afterUs: number;
  /** Of the whole step, what is not kernels. */
  readonly shareOutside: number;
  /** Allocated by a step on JavaScript's heap, and for the numbers of its outputs. */
  readonly heapBytes: number;
  readonly bufferBytes: number;
  /** What a step leaves behind when garbage is collected: about none. */
  readonly keptBytes: number;
}

type Answer = Pick<OverheadRow, "work" | "threads" | "steps" | "kernelUs" | "beforeUs" | "afterUs" | "heapBytes" | "bufferBytes" | "keptBytes">;

/** A young generation that holds what hundreds of steps allocate, and a collector that can be called. */
const flags = ["--expose-gc", "--min-semi-space-size=64", "--max-semi-space-size=64"];

/** Steps whose kernels are timed apart from what is around them. */
export function overhead(setting: Setting): Promise<OverheadRow[]> {
  const ask = JSON.stringify({ works: ["W1", "W2", "W3"], seconds: setting.quick ? 0.2 : 2 });
  return each(setting, async (variant, alone) => (await answers<Answer>(variant, [...flags, join(setting.built, "overhead.mjs"), ask], ({ work }) => setting.report(`overhead: ${alone.contender}, ${alone.runtime}: ${work}`))).map((answer) => overheadRow(alone, answer)));
}

/** The row of what was measured. */
export function overheadRow(alone: Alone, { work, threads, steps, kernelUs, beforeUs, afterUs, heapBytes, bufferBytes, keptBytes }: Answer): OverheadRow {
  return { part: "overhead", ...alone, work, threads, steps, kernelUs, beforeUs, afterUs, shareOutside: (beforeUs + afterUs) / (beforeUs + kernelUs + afterUs), heapBytes, bufferBytes, keptBytes };
}

/** A line for each engine and work. */
export function drawnOverhead(rows: readonly OverheadRow[]): string {
  return table(["engine", "on", "work", "kernels, µs", "before", "after", "outside", "heap, bytes", "outputs", "kept"], rows.map(({ contender, runtime, work, kernelUs, beforeUs, afterUs, shareOutside, heapBytes, bufferBytes, keptBytes }) => [
    contender, runtime, work, kernelUs.toFixed(0), beforeUs.toFixed(1), afterUs.toFixed(1), `${(100 * shareOutside).toFixed(1)} %`, heapBytes.toFixed(0), bufferBytes.toFixed(0), keptBytes.toFixed(0),
  ]), 3);
}
