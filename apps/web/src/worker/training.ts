import type { ByPath, Engine, Json } from "@tenon/contracts";
import {
  codeOf,
  knownMeasures,
  type Chart,
  type Digits,
  type Experiment,
  type Size,
} from "@tenon/experiments";
import type { Tensor } from "@tenon/tensor";
import type { ArmState, Frame, Subject } from "../protocol.js";
import { armRun, type ArmRun, type Interrupted } from "./armRun.js";
import type { Consultations } from "./consultation.js";
import type { EngineOf } from "./engineChoice.js";
import type { judged as Judged } from "./judgements.js";
import { once } from "./once.js";

/** What is shown: an experiment with values, and all runs of its arms. */
export interface Training {
  readonly subject: Subject;
  readonly of: Experiment;
  /** The runs of the first seed, one for each arm, in order. */
  firsts(): readonly ArmRun[];
  /** Pulls the run that is furthest behind; false where all have ended. */
  advance(): Promise<boolean>;
  /** One step of each arm of the first seed. */
  stepAll(): Promise<void>;
  /** Also with the seeds after the first one, up to this many in all. */
  repeat(seeds: number): void;
  /** An arm goes on from where it was interrupted. */
  resume(arm: string, from: Interrupted): Promise<ArmRun>;
  /** How many steps were done since it was shown. */
  readonly stepsDone: number;
  frame(): Omit<Frame, "isRunning" | "stepsPerSecond">;
}

export interface TrainingOptions {
  /** Numbers the frames. */
  readonly run: number;
  readonly subject: Subject;
  readonly of: Experiment;
  readonly digits: Digits;
  readonly engine: Engine<Tensor>;
  /** What trains an arm. @defaultValue `engine` */
  readonly engineOf?: EngineOf | undefined;
  readonly doctor: Consultations;
  /** Runs that another training has begun or ended, by `keyOf`. */
  readonly known: Map<string, ArmRun>;
}

/** Arms grow together: they are compared in parts of a run this large. */
const part = 1 / 24;

export function training(options: TrainingOptions): Training {
  const { run, subject, of, digits, engine, engineOf, doctor, known } = options;
  const { values, seed } = subject;
  const arms: ByPath<Json> = of.arms(values);
  const size = of.sizes[subject.size];
  let seeds = [seed];
  let stepsDone = 0;
  let judged: typeof Judged | undefined;
  const judge = once(async () => ({ judged } = await import("./judgements.js")));
  const keyOf = (options: Json, seed: number): string =>
    JSON.stringify([of.id, subject.size, seed, options]);

  function runOf(arm: string, seed: number, resume?: Interrupted): ArmRun {
    const options = arms[arm]!;
    const key = keyOf(options, seed);
    const found = resume ? undefined : known.get(key);
    const run =
      found?.arm === arm
        ? found
        : armRun({
            of,
            arm,
            options,
            ...{ given: { digits, size, seed, engine }, doctor },
            ...{ resume, trainer: engineOf?.(options) },
          });
    known.delete(key); // the ones used last are kept
    known.set(key, run);
    return run;
  }
  let runs = Object.keys(arms).map((arm) => runOf(arm, seed));
  /** Those that were not there before. */
  const begun = runs.filter(({ step }) => step === 0);
  const ofSeed = (seed: number): readonly ArmRun[] => runs.filter((run) => run.seed === seed);
  const firsts = (): readonly ArmRun[] => ofSeed(seed);

  async function advance(): Promise<boolean> {
    const open = seeds.map(ofSeed).find((all) => all.some((run) => !run.end));
    const next = open?.filter((run) => !run.end).sort((a, b) => partOf(a) - partOf(b))[0];
    if (!next) {
      if (seeds.length > 1) await judge();
      return false;
    }
    if (await next.pull()) stepsDone += 1;
    return true;
  }

  return {
    ...{ subject, of, firsts, advance },
    get stepsDone() {
      return stepsDone;
    },
    async stepAll() {
      for (const run of firsts())
        while (!run.end)
          if (await run.pull()) {
            stepsDone += 1;
            break;
          }
    },
    repeat(count) {
      seeds = [seed, ...others(seed, count - 1)];
      for (const seed of seeds)
        if (ofSeed(seed).length === 0)
          runs = [...runs, ...Object.keys(arms).map((arm) => runOf(arm, seed))];
    },
    async resume(arm, from) {
      const run = runOf(arm, from.snapshot.progress.seed, from);
      runs = runs.map((other) => (other.arm === arm && other.seed === run.seed ? run : other));
      await run.pull();
      return run;
    },
    frame() {
      const shown = runs.filter((run) => seeds.includes(run.seed)).map((run) => run.shown());
      const isNew = begun.length === 0 || begun.some(({ step }) => step > 0);
      const finished = runs.flatMap((run) => (run.finished ? [run.finished] : []));
      const done = seeds.filter((seed) => ofSeed(seed).every((run) => run.end)).length;
      return {
        run,
        charts: of.pictures.map((picture) => ({
          id: picture.id,
          chart: wholeRun(picture.chart({ arms, values, size, runs: shown }), size, runs),
          isNew: isNew || picture.isComputed === true,
          isComputed: picture.isComputed === true,
        })),
        arms: firsts().map((run) => stateOf(run, of, size)),
        said: firsts().flatMap((run) => run.said()),
        seeds: { done, all: seeds.length },
        judgements:
          done === seeds.length && done > 1 ? (judged?.(of, subject, finished) ?? []) : [],
        isDone: done === seeds.length,
      };
    },
  };
}

/** A chart over the time of a run as wide as the whole run, so that curves grow into it. */
function wholeRun(chart: Chart, { train, epochs }: Size, runs: readonly ArmRun[]): Chart {
  const ends: Readonly<Record<string, number>> = {
    step: Math.max(0, ...runs.map(({ steps }) => steps)),
    epoch: epochs,
    examples: epochs * train,
  };
  const end = ends[chart.x.label];
  if (!end || chart.x.domain || chart.x.scale !== "linear") return chart;
  const isByEpoch =
    epochs > 1 && chart.series.every(({ points }) => points.every(({ x }) => x >= 1));
  const from = chart.x.label === "epoch" && isByEpoch ? 1 : 0;
  return { ...chart, x: { ...chart.x, domain: [from, end] } };
}

const partOf = ({ step, steps }: ArmRun): number =>
  steps === 0 ? 0 : Math.floor(step / steps / part);

/** As many seeds from 1 on, without one. */
function others(seed: number, count: number): readonly number[] {
  return Array.from({ length: count + 1 }, (_, i) => i + 1)
    .filter((other) => other !== seed)
    .slice(0, count);
}

function stateOf(run: ArmRun, of: Experiment, size: Size): ArmState {
  const { arm, seed, step, steps, end, finished, digest, options } = run;
  return {
    ...{ arm, step, steps, code: codeOf(of, options, size, seed) },
    state: end
      ? end.reason === "nonFinite"
        ? "nonFinite"
        : "done"
      : steps === 0
        ? "waiting"
        : "running",
    ...(finished && { measures: knownMeasures(of.measures, finished) }),
    ...(digest && { digest }),
  };
}
