import { join } from "node:path";
import { median } from "../rows.js";
import { groups, table } from "../table.js";
import { answers, inTurns, oneOfEach, type Alone, type Setting } from "./alone.js";

/** What JavaScript adds to a step of one work on one thread, and what it allocates. */
export interface OverheadRow extends Alone {
  readonly part: "overhead";
  readonly work: string;
  readonly threads: number;
  /** How many steps the medians are of. */
  readonly steps: number;
  /**
   * Microseconds of a step in the kernels; before them, where the batch is copied in; after them,
   * where outputs are copied out.
   */
  readonly kernelUs: number;
  readonly beforeUs: number;
  readonly afterUs: number;
  /** Of the whole step, what is not kernels. */
  readonly fractionOutside: number;
  /** Allocated by a step on JavaScript's heap, and for the values of its outputs. */
  readonly heapBytes: number;
  readonly bufferBytes: number;
  /**
   * Bytes of a step that remain after garbage collection: about none. Null in a quick run, which
   * has too few steps to measure it.
   */
  readonly keptBytes: number | null;
}

/** What `overhead.mjs` measured: milliseconds of each step. */
export interface Times {
  readonly work: string;
  readonly threads: number;
  readonly before: readonly number[];
  readonly kernels: readonly number[];
  readonly after: readonly number[];
}

interface Bytes {
  readonly heap: number;
  readonly buffers: number;
}

/**
 * What `bytes.mjs` measured: bytes allocated by runs of `steps` steps each, those of measuring
 * alone (the baseline), and bytes that remained after garbage collection, for each run of
 * `keptSteps`.
 */
export interface Allocations {
  readonly steps: number;
  readonly allocated: readonly Bytes[];
  readonly baseline: readonly Bytes[];
  readonly kept: readonly number[];
  readonly keptSteps: number;
}

/**
 * A young generation that holds what hundreds of steps allocate, and a collector that can be
 * called. Times are measured without.
 */
const flags = ["--expose-gc", "--min-semi-space-size=64", "--max-semi-space-size=64"];

/** Steps whose kernels are timed apart from what is around them; then what they allocate. */
export function overhead(setting: Setting): Promise<OverheadRow[]> {
  const { quick, built, report } = setting;
  return inTurns(
    { ...setting, variants: oneOfEach(setting.variants) },
    ["W1", "W2", "W3"],
    async (variant, alone, work) => {
      report(`overhead: ${alone.contender}, ${alone.runtime}: ${work}`);
      const times = await answers<Times>(variant, [
        join(built, "overhead.mjs"),
        JSON.stringify({ works: [work], seconds: quick ? 0.2 : 2 }),
      ]);
      const bytes = await answers<Allocations>(variant, [
        ...flags,
        join(built, "bytes.mjs"),
        JSON.stringify({
          works: [work],
          steps: quick ? 10 : 30,
          kept: quick ? 0 : 1000,
          seconds: quick ? 0.2 : 1.5,
        }),
      ]);
      return times.map((time, i) => overheadRow(alone, time, bytes[i]!));
    },
  );
}

/** The row of what was measured. */
export function overheadRow(
  alone: Alone,
  { work, threads, before, kernels, after }: Times,
  { steps, allocated, baseline, kept, keptSteps }: Allocations,
): OverheadRow {
  const [beforeUs, kernelUs, afterUs] = [before, kernels, after].map(
    (all) => 1000 * median(all),
  ) as [number, number, number];
  const perStep = (key: keyof Bytes): number =>
    (median(allocated.map((sample) => sample[key])) -
      median(baseline.map((sample) => sample[key]))) /
    steps;
  return {
    part: "overhead",
    ...alone,
    work,
    threads,
    steps: kernels.length,
    kernelUs,
    beforeUs,
    afterUs,
    fractionOutside: (beforeUs + afterUs) / (beforeUs + kernelUs + afterUs),
    heapBytes: perStep("heap"),
    bufferBytes: perStep("buffers"),
    keptBytes: kept.length === 0 ? null : median(kept) / keptSteps,
  };
}

/** A line for each work and engine. */
export function drawnOverhead(rows: readonly OverheadRow[]): string {
  return table(
    [
      "work",
      "engine",
      "on",
      "kernels, µs",
      "before",
      "after",
      "outside",
      "heap, bytes",
      "outputs",
      "kept",
    ],
    groups(rows, ({ work }) => work).flatMap(([work, group]) =>
      group.map(
        (
          {
            contender,
            runtime,
            kernelUs,
            beforeUs,
            afterUs,
            fractionOutside,
            heapBytes,
            bufferBytes,
            keptBytes,
          },
          i,
        ) => [
          i === 0 ? work : "",
          contender,
          runtime,
          kernelUs.toFixed(0),
          beforeUs.toFixed(1),
          afterUs.toFixed(1),
          `${(100 * fractionOutside).toFixed(1)} %`,
          heapBytes.toFixed(0),
          bufferBytes.toFixed(0),
          keptBytes?.toFixed(0) ?? "",
        ],
      ),
    ),
    3,
  );
}
