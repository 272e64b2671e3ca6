import type { Setting } from "./alone.js";
import { coldStart, drawnStart, promised, type StartRow } from "./coldStart.js";
import { drawnGemm, gemm, type GemmRow } from "./gemm.js";
import { drawnOverhead, overhead, type OverheadRow } from "./overhead.js";
import { drawnObserve, observe, type ObserveRow } from "./observe.js";
import { drawnScaling, scaling, type ScalingRow } from "./scaling.js";

/** A line of `--json` about Tenon alone; `part` says which. */
export type PartRow = GemmRow | StartRow | OverheadRow | ObserveRow | ScalingRow;

/** What was measured, and the table of it. */
export interface Measured {
  readonly rows: readonly PartRow[];
  readonly drawn: string;
  readonly note?: string;
}

/** The parts that measure Tenon alone: what each of them measures, and how. */
export const parts = {
  gemm: {
    what: "products through the engine, no copies in or out",
    async run(setting: Setting): Promise<Measured> {
      const rows = await gemm(setting);
      return {
        rows,
        drawn: drawnGemm(rows),
        note: `the peak, one multiplication and one addition at a time in the 128-bit registers of one core, is ${(rows[0]?.peak ?? NaN).toFixed(1)} GFLOP/s`,
      };
    },
  },
  start: {
    what: "from the import of Tenon to the end of the first step, in a process of its own",
    async run(setting: Setting): Promise<Measured> {
      const rows = await coldStart(setting);
      return {
        rows,
        drawn: drawnStart(rows),
        note: `medians of ${rows[0]?.processes ?? 0} processes, with Tenon as packages and in one minified file; W3 was promised in ${promised} ms`,
      };
    },
  },
  overhead: {
    what: "a step on one thread: what JavaScript adds to the kernels, and what it allocates",
    async run(setting: Setting): Promise<Measured> {
      const rows = await overhead(setting);
      return {
        rows,
        drawn: drawnOverhead(rows),
        note: "before: the batch is copied in; after: outputs (loss and predictions) are copied out, which is what is allocated; kept: what a step leaves behind when garbage is collected",
      };
    },
  },
  observe: {
    what: "what statistics cost: observed steps, and runs that observe every 50th step",
    async run(setting: Setting): Promise<Measured> {
      const rows = await observe(setting);
      return {
        rows,
        drawn: drawnObserve(rows),
        note: "on one thread, images of which a fifth is not zero; a run is compiled twice if it observes, and hands its state over before and after each observed step",
      };
    },
  },
  scaling: {
    what: "a step of training over sizes and threads, noise for images",
    async run(setting: Setting): Promise<Measured> {
      const rows = await scaling(setting);
      return {
        rows,
        drawn: drawnScaling(rows),
        note: "examples/s and GFLOP/s on the most threads; operations are those of the plan, of which Winograd's convolutions need fewer than the textbook's",
      };
    },
  },
} as const;
