import type { AnyEngine, ByPath, Engine, Json } from "@tenon/contracts";
import { endingOf, startRun, withEnding } from "@tenon/experiments";
import type { Ending, Experiment, Given, ShownRun } from "@tenon/experiments";
import type { Tensor } from "@tenon/tensor";
import type { EndEvent, FinishedRun, FitEvent, Snapshot, StudySetup } from "@tenon/trainer";
import type { Said } from "../protocol.js";
import type { Consultations } from "./consultation.js";

/** One arm with one seed: begun, paused, or ended. */
export interface ArmRun {
  readonly arm: string;
  readonly seed: number;
  readonly options: Json;
  readonly setup: StudySetup;
  readonly step: number;
  readonly steps: number;
  readonly end: EndEvent | undefined;
  readonly finished: FinishedRun | undefined;
  readonly digest: string | undefined;
  /** What the run has left behind where it ended, or was interrupted. */
  readonly ending: Ending | undefined;
  /** What the doctor says of it. */
  said(): readonly Said[];
  shown(): ShownRun;
  /** Goes on to the next event; says whether it was a step. Where the run failed, rejects again. */
  pull(): Promise<boolean>;
  /** Ends the run here; gives all that is needed to go on. */
  interrupt(): Promise<Interrupted>;
}

/** A run at rest, with what was measured and recorded so far. */
export interface Interrupted {
  readonly snapshot: Snapshot;
  readonly states: ByPath<Json>;
}

export interface ArmRunOptions {
  readonly of: Experiment;
  readonly arm: string;
  readonly options: Json;
  readonly given: Given & { readonly engine: Engine<Tensor> };
  readonly doctor: Consultations;
  readonly resume: Interrupted | undefined;
  /** What trains, in place of `given.engine`, which then measures alone. */
  readonly trainer: AnyEngine<Tensor> | undefined;
}

/** A run that begins, and compiles its step, when it is pulled for the first time. */
export function armRun(all: ArmRunOptions): ArmRun {
  const { of, arm, options, given, doctor, resume, trainer } = all;
  const signal = { aborted: false };
  const { seed } = given;
  const setup = of.setup(options, given);
  const { measuring, events } = startRun(of, options, given, {
    signal,
    ...(resume && { resume: resume.snapshot }),
    ...(trainer && { engine: trainer }),
  });
  if (resume) measuring.load(resume.states);
  const consultation = doctor.of(arm, setup);
  /** Why the run cannot go on. */
  let failed: Promise<never> | undefined;
  const failing = (cause: Error): Promise<never> => (failed = Promise.reject(cause));
  const run = {
    ...{ arm, seed, options, setup, said: consultation.said },
    step: resume?.snapshot.progress.step ?? 0,
    steps: 0,
    end: undefined as EndEvent | undefined,
    finished: undefined as FinishedRun | undefined,
    digest: undefined as string | undefined,
    ending: undefined as Ending | undefined,
    shown: (): ShownRun =>
      run.finished ? { ...run.finished, arm } : { arm, seed, records: measuring.records() },
    async pull(): Promise<boolean> {
      const { value: event } = await (failed ?? events.next().catch(failing));
      if (event) see(event);
      if (event?.type === "end") await seeEnd(event);
      return event?.type === "step";
    },
    async interrupt(): Promise<Interrupted> {
      signal.aborted = true;
      while (!run.end) await run.pull();
      return { snapshot: run.end.snapshot, states: measuring.states() };
    },
  };
  function see(event: FitEvent): void {
    if (event.type === "start") run.steps = event.epochs * event.stepsPerEpoch;
    if (event.type === "step") run.step = event.step;
    consultation.see(event);
  }
  async function seeEnd(event: EndEvent): Promise<void> {
    run.ending = await endingOf(of, options, given, event);
    run.end = event;
    if (event.reason === "aborted") return;
    run.finished = withEnding(measuring.finished({ arm, seed }, event), run.ending);
    const { digestOf } = await import("./digest.js");
    run.digest = await digestOf(run.ending.params);
  }
  return run;
}
