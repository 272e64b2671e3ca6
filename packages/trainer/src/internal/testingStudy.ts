import type { InMemoryDataset } from "@tenon/data";
import { crossEntropy } from "@tenon/losses";
import { accuracy } from "@tenon/metrics";
import { reference } from "@tenon/tensor";
import { gridOf } from "../gridOf.js";
import { areaUnderLoss, finalOf, stepsTo, type Measure } from "../measures.js";
import { study, type StudyEvent, type StudyOptions, type StudySetup } from "../study.js";
import type { StudyResults } from "../studyResults.js";
import type { StoredRun, StudyStore } from "../studyStore.js";
import { statistics } from "../statistics.js";
import { descent, digest, network, quadrants } from "./testing.js";

export const train: InMemoryDataset = quadrants(48);
export const validation: InMemoryDataset = quadrants(32, 2);

/** The set-up of one run: two epochs of three steps. */
export const setup = ({ rate }: { readonly rate: number }): StudySetup => ({
  model: network(rate),
  train,
  validation,
  loss: crossEntropy,
  metrics: [accuracy],
  optimizer: descent(0.1),
  engine: reference(),
  epochs: 2,
  observe: statistics({ every: 2 }),
  batchSize: 16,
});

type Arms = Readonly<Record<string, { readonly rate: number }>>;

/** The sum of a gradient's norm over the observed steps. */
const norms: Measure<number> = {
  better: "lower",
  start: 0,
  update: (sum, event) =>
    event.type === "statistics" ? sum + event.params["dense1/kernel"]!.gradientNorm : sum,
  result: (_, sum) => sum,
};

/** A small study: two arms, two seeds. */
export const small: StudyOptions<Arms> = {
  arms: gridOf({ rate: [0, 0.5] }),
  seeds: [1, 2],
  setup,
  measures: {
    accuracy: finalOf("validation.accuracy", "higher"),
    area: areaUnderLoss(),
    steps: stepsTo("running.accuracy", 0.3, "higher"),
    norms,
  },
};

/** Runs to the end, or to the event of that index: as if the process were killed there. */
export async function events(
  options: StudyOptions<Arms> = small,
  end: number = Infinity,
): Promise<readonly StudyEvent[]> {
  const yielded: StudyEvent[] = [];
  for await (const event of study(options)) if (yielded.push(event) > end) break;
  return yielded;
}

/** The results of a study that went to its end. */
export function resultsOf(yielded: readonly StudyEvent[]): StudyResults {
  const last = yielded.at(-1);
  if (last?.type !== "end") throw new Error(`expected an end, got ${last?.type}`);
  return last.results;
}

/** A store in memory, which keeps copies, and counts what was written. */
export function memoryStore(): StudyStore & {
  readonly runs: Map<string, StoredRun>;
  readonly writes: () => number;
} {
  const runs = new Map<string, StoredRun>();
  let count = 0;
  return {
    runs,
    writes: () => count,
    digest,
    read: async (name) => structuredClone(runs.get(name)),
    async write(name, arrays, metadata) {
      count++;
      runs.set(name, structuredClone({ arrays, metadata }));
    },
  };
}
