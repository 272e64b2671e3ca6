import { join } from "node:path";
import type { Engine } from "@tenon/contracts";
import { setupOf, startWatch, watch, type Watched } from "@tenon/doctor";
import { endingOf, weightsDigest, withEnding } from "@tenon/experiments";
import type { Digits, Given } from "@tenon/experiments";
import { studyFolder } from "@tenon/formats/node";
import type { Tensor } from "@tenon/tensor";
import { study, type FinishedRun, type Recorder } from "@tenon/trainer";
import type { StudyEvent, StudySetup } from "@tenon/trainer";
import { folderName, type Plan } from "./plan.js";
import { runNotes, type RunNote, type RunNotes } from "./runNotes.js";

export interface Means {
  readonly digits: Digits;
  readonly engine: Engine<Tensor>;
  readonly signal: AbortSignal;
  /** Where runs are stored, each plan in a folder of its own. @defaultValue nowhere */
  readonly folder?: string | undefined;
  /** Sees each event of the study. */
  see(event: StudyEvent): void;
}

export interface Conducted {
  readonly isDone: boolean;
  /** The runs that have ended, arm by arm. */
  readonly runs: readonly FinishedRun[];
  readonly notes: RunNotes;
  /** What all these runs took, in seconds, also in earlier calls. */
  readonly seconds: number;
}

/** Runs all arms of a plan with all seeds, each watched by the doctor. */
export async function conduct(plan: Plan, means: Means): Promise<Conducted> {
  const { of, size, values, seeds } = plan;
  const { digits, engine, signal, folder, see } = means;
  const path = folder === undefined ? undefined : join(folder, folderName(plan));
  const notes = runNotes(path);
  const arms = of.arms(values);
  const given = (seed: number): Given => ({ digits, size, seed, engine });
  let setup: StudySetup | undefined;
  let watcher: Watcher | undefined;
  const events = study({
    arms,
    seeds,
    setup: (options, seed) => (setup = of.setup(options, given(seed))),
    measures: of.measures,
    records: { ...of.records, ...described(of.ending) },
    signal,
    ...(path !== undefined && { store: studyFolder(path), checkpointEvery: 200 }),
  });
  for await (const event of events) {
    if (event.type === "runStart") watcher = watcherOf(setup!);
    if (event.type === "fit") {
      watcher!.see(event);
      const { arm, seed, event: inner } = event;
      if (inner.type === "end" && inner.reason !== "aborted") {
        const { params, records } = await endingOf(of, arms[arm]!, given(seed), inner);
        notes.add({ arm, seed, weights: weightsDigest(params), records, ...watcher!.note() });
      }
    }
    see(event);
    if (event.type !== "end") continue;
    const runs = event.results.runs.map((run) =>
      withEnding(run, { records: notes.of(run)?.records ?? {} }),
    );
    const seconds = runs.reduce((sum, run) => sum + (notes.of(run)?.seconds ?? 0), 0);
    return { isDone: event.reason === "done", runs, notes, seconds };
  }
  throw new Error("conduct: the study ended without an end");
}

/** A recorder that keeps nothing, so that a study refuses runs of another ending. */
const described = (ending: Plan["of"]["ending"]): Readonly<Record<string, Recorder>> =>
  ending
    ? { ending: { start: null, update: (kept) => kept, description: ending.description } }
    : {};

interface Watcher {
  see(event: Extract<StudyEvent, { type: "fit" }>): void;
  /** What was seen. */
  note(): Pick<RunNote, "seconds" | "finding">;
}

/** The doctor beside a run. */
function watcherOf(setup: StudySetup): Watcher {
  const { model, train, loss, optimizer, penalties, batchSize, epochs } = setup;
  const began = performance.now();
  let finding: RunNote["finding"];
  let step = 0;
  let watched: Watched = startWatch({
    setup: setupOf(model, {
      ...{ input: train.x.shape, loss, train },
      ...(optimizer && { optimizer }),
      ...(penalties && { penalties }),
      ...(batchSize !== undefined && { batchSize }),
      ...(epochs !== undefined && { epochs }),
    }),
  });
  const note = (): void => {
    const fresh = watched.fresh.find(({ severity }) => severity !== "hint");
    if (fresh && !finding) finding = { finding: fresh, step };
  };
  note();
  return {
    see({ event }) {
      if (event.type === "step" || event.type === "nonFinite") step = event.step;
      watched = watch(watched, event);
      note();
    },
    note: () => ({ seconds: (performance.now() - began) / 1000, ...(finding && { finding }) }),
  };
}
