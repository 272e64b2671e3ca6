import { existsSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import type { Transform } from "@tenon/contracts";
import type { Language } from "@tenon/doctor";
import { runFolder, type RunFolder } from "@tenon/formats/node";
import { accuracy } from "@tenon/metrics";
import {
  call,
  counted,
  fail,
  fitted,
  isSystemError,
  jsonLine,
  type Outside,
  percent,
  plainly,
  red,
  resumeCall,
  shown,
  systemProblem,
} from "@tenon/terminal";
import {
  diagnose,
  fit,
  type EndEvent,
  type EpochScores,
  type FitOptions,
  type Snapshot,
  statistics,
} from "@tenon/trainer";
import type { Config } from "./config.js";
import { notesOn } from "./flags.js";
import { pending, replace, runFiles, type Claim, type Pending } from "./folders.js";
import { hardest, type Hardest } from "./hardest.js";
import { augmented, digits, type Digits } from "./mnist.js";
import { modelFor } from "./models.js";
import { optimizerOf, penaltiesOf, stopperOf } from "./optimizer.js";
import { machines, people, type Progress } from "./progress.js";
import { lossOf, report } from "./report.js";
import { engineOf, finalWeights, finite, sha256Of, withConfig } from "./runs.js";
import { conclude, introduce } from "./runReport.js";
import { statisticsFile, type StatisticsFile } from "./statisticsFile.js";
import { doctorFor, type Doctor } from "./watching.js";

/** How a run is executed and shown; none of it changes a result. */
export interface Manner {
  readonly json: boolean;
  readonly quiet: boolean;
  readonly threads?: number;
  readonly turbo?: boolean;
  /** Whether the run is watched, and in which language findings are said. */
  readonly doctor: boolean;
  readonly language: Language;
  /** The file that statistics go to, every how many steps, and the bins of histograms. */
  readonly observe?: string;
  readonly observeEvery?: number;
  readonly histograms?: number;
}

/** The folder of a run, and the snapshot from which it continues. */
export interface Where {
  /** Claims the folder for this run; called after all other checks. */
  claim(): Promise<Claim>;
  readonly resume?: Snapshot;
  /** Whether the run was begun before, also where it has no snapshot. */
  readonly isResumed?: boolean;
  /** The flags that were given. */
  readonly given: Partial<Config>;
  readonly outside: Outside;
}

/** The parts of a run, once its data and its network are known. */
interface Run {
  readonly config: Config;
  readonly manner: Manner;
  readonly where: Where;
  readonly data: Digits;
  readonly engine: Awaited<ReturnType<typeof engineOf>>;
  readonly model: ReturnType<typeof modelFor>;
  readonly optimizer: Transform;
  readonly stepsPerEpoch: number;
  /** How long it took to find the hardest images, which counts as training. */
  readonly finding: Omit<Hardest, "train">;
  /** Writes a line for people; nothing with --json or --quiet. */
  readonly say: (text?: string) => void;
}

/** How the training of a run ended. */
interface Trained {
  readonly folder: string;
  readonly end: EndEvent;
  /** The step of the last checkpoint. */
  readonly saved: number | undefined;
  /** From the start of each epoch to its last step, reading and changing images included. */
  readonly trainSeconds: number;
  /** Milliseconds of each step. */
  readonly times: readonly number[];
  readonly doctor: Doctor | undefined;
  /** Whether statistics could not be written. */
  readonly unwritten: boolean;
}

/** How often a run is observed: at 20 steps at least, or at all where it has fewer. */
const [usualEvery, fewestObserved] = [50, 20];

const everyOf = ({ config, manner, stepsPerEpoch }: Run): number =>
  manner.observeEvery ??
  Math.max(1, Math.min(usualEvery, Math.floor((config.epochs * stepsPerEpoch) / fewestObserved)));

/** Trains from the start, or on from a snapshot. Gives the exit code. */
export async function train(asked: Config, manner: Manner, where: Where): Promise<number> {
  const { resume, given, outside } = where;
  const all = await digits(asked);
  const say =
    manner.json || manner.quiet ? () => {} : (text = ""): void => outside.write(`${text}\n`);
  if (resume && all.classes > asked.classes)
    fail(
      `expected labels below ${asked.classes}, which the run was started with, in ` +
        `${all.source}, got ${all.classes - 1}`,
    );
  const config: Config = { ...asked, classes: resume ? asked.classes : all.classes };
  const engine = await engineOf(config.engine, manner);
  const { train, ...finding } = await hardest(all.train, config, engine);
  const data = { ...all, train };
  const model = modelFor(config, data.train.x.shape, data.source, resume !== undefined);
  const stepsPerEpoch = Math.ceil(data.train.size / config.batchSize);
  const optimizer = plainly(2, () => optimizerOf(config, stepsPerEpoch));
  for (const note of [...data.notes, ...notesOn(given, config, stepsPerEpoch)]) outside.warn(note);
  if (manner.threads !== undefined && engine.threads < manner.threads)
    outside.warn(`--threads ${manner.threads}: ${engine.threads} can be used here, and are`);
  if (manner.turbo && !engine.turbo)
    outside.warn("--turbo changes nothing here: it needs Node 24 or newer on x64");

  const run: Run = {
    config,
    manner,
    where,
    data,
    engine,
    model,
    optimizer,
    stepsPerEpoch,
    say,
    finding,
  };
  const trained = await outside.hold(async () => {
    const claim = await where.claim();
    try {
      return await trainIn(claim.folder, run);
    } finally {
      await claim.release();
    }
  });
  if (outside.ending.aborted) return stopped(run, trained);
  if (trained.end.reason === "nonFinite") {
    trained.doctor?.end();
    return 1;
  }
  await finish(run, trained);
  return trained.unwritten ? 1 : 0;
}

/** Trains, shows the events and writes checkpoints and history into a folder. */
async function trainIn(folder: string, run: Run): Promise<Trained> {
  const { config, manner, where, data, engine, model, say } = run;
  const { resume, outside } = where;
  const files = runFolder(folder);
  const historyFile = join(folder, "history.jsonl");
  const history: EpochScores[] = [...(resume?.progress.history ?? [])];
  const lines = (): string => history.map(jsonLine).join("");
  const progress = progressOf(manner, outside);
  const times: number[] = [];
  let [trainSeconds, since] = [0, 0];
  let end: EndEvent | undefined;
  let saved = resume?.progress.step;
  let nextHistory: Pending | undefined;
  const every = everyOf(run);
  const statistics = await statisticsFor(run, folder);
  const doctor = manner.doctor
    ? await doctorFor({ ...run, ...manner, outside, every, resume })
    : undefined;
  try {
    for await (const event of fit(model, fitOptions(run, files))) {
      if (event.type === "step") trainSeconds += (performance.now() - since) / 1000;
      if (event.type === "start") {
        // The options were accepted: from here on the run is saved and shown.
        await replace(join(folder, "config.json"), `${JSON.stringify(config, null, 2)}\n`);
        if (resume) await replace(historyFile, lines());
        introduce({ say, outside, config, data, engine, folder, ...(resume && { resume }) });
        doctor?.begin();
      }
      progress?.see(event);
      if (event.type === "statistics") await statistics?.write(event);
      if (event.type === "step") times.push(event.milliseconds);
      if (event.type === "epoch") {
        const { epoch, step, train: scores, validation } = event;
        history.push({ epoch, step, train: scores, ...(validation && { validation }) });
        // Replaces the history when the epoch's checkpoint is written, so that both files are
        // always of the same epoch.
        nextHistory = await pending(historyFile, lines());
      }
      if (event.type === "checkpoint" && event.name === "last") {
        await nextHistory?.commit();
        [nextHistory, saved] = [undefined, event.step];
      }
      if (event.type === "nonFinite" && !manner.json)
        outside.warn(red(event.message.replace(/^fit: /, "")));
      doctor?.see(event);
      if (event.type === "end") end = event;
      since = performance.now();
    }
  } catch (error) {
    failPlainly(error, folder, saved, resume && data.source);
  } finally {
    await statistics?.close();
  }
  const unwritten = statistics?.failed() ?? false;
  return { folder, end: end!, saved, trainSeconds, times, doctor, unwritten };
}

/** Opens the file that statistics go to, if there is to be one. */
async function statisticsFor(
  { manner: { observe }, where, data, model }: Run,
  folder: string,
): Promise<StatisticsFile | undefined> {
  if (observe === undefined) return undefined;
  if (dirname(observe) === folder && runFiles.includes(basename(observe)))
    fail(`--observe expects a file of its own, got the run's ${shown(observe)}; name another`, 2);
  const params = Object.keys(model.plan(data.train.x.shape).params);
  const resumedAt = where.isResumed ? (where.resume?.progress.step ?? 0) : undefined;
  return statisticsFile(observe, { resumedAt, params, outside: where.outside });
}

function progressOf({ json, quiet }: Manner, outside: Outside): Progress | undefined {
  if (quiet) return undefined;
  return json ? machines((line) => outside.write(jsonLine(line))) : people(outside);
}

function fitOptions(run: Run, files: RunFolder): FitOptions {
  const { config, manner, where, data, engine, optimizer } = run;
  const { doctor, observe, histograms } = manner;
  const { batchSize, epochs, seed, checkpointEvery } = config;
  const earlyStopping = stopperOf(config);
  return {
    train: augmented(data.train, config),
    validation: data.validation,
    loss: lossOf(config),
    metrics: [accuracy],
    optimizer,
    penalties: penaltiesOf(config),
    batchSize,
    epochs,
    seed,
    engine,
    checkpoints: withConfig(files, config),
    signal: where.outside.ending,
    ...(earlyStopping && { earlyStopping }),
    ...(checkpointEvery > 0 && { checkpointEvery }),
    ...((doctor || observe !== undefined) && {
      observe: statistics({
        every: everyOf(run),
        ...(histograms !== undefined && { histograms }),
      }),
    }),
    diagnose,
    ...(where.resume && { resume: where.resume }),
  };
}

/**
 * Ends the command with a sentence for an error that users can act on; throws all others again.
 *
 * @param saved the step of the last checkpoint
 * @param resumedWith where the data came from, if the run was resumed
 */
function failPlainly(
  error: unknown,
  folder: string,
  saved: number | undefined,
  resumedWith: string | undefined,
): never {
  const { message } = error as Error;
  if (isSystemError(error)) {
    const kept =
      saved === undefined || !existsSync(runFolder(folder).file("last"))
        ? ""
        : `; the checkpoint of step ${saved} is whole: when that is mended, go on ` +
          `with: ${resumeCall(folder)}`;
    fail(`cannot write to ${shown(folder)}: ${systemProblem(error)}${kept}`);
  }
  if (resumedWith !== undefined && message.includes("data that the snapshot was taken with"))
    fail(
      `the run in ${shown(folder)} was trained with other images or labels than those ` +
        `of ${resumedWith}, as they are now: give those that it had (resume has ` +
        "--data), or start a new run",
    );
  if (resumedWith !== undefined && /^(resume|fit):/.test(message))
    fail(`the checkpoint in ${shown(folder)} does not fit its configuration: ${message}`);
  if (/^fit:/.test(message)) fail(message.replace(/^fit: /, ""));
  throw error;
}

/** Prints the command that continues a stopped run. Returns the exit code. */
function stopped(
  { manner, where: { outside }, say }: Run,
  { folder, end, saved, doctor }: Trained,
): number {
  doctor?.end();
  const goOn =
    end.reason === "aborted"
      ? `Go on with: ${resumeCall(folder)}`
      : `The run is complete; evaluate it with: ${call("evaluate", shown(folder))}`;
  const steps = counted(saved ?? end.snapshot.progress.step, "step");
  const text = `Stopped after ${steps}; nothing is lost. ${goOn}`;
  if (manner.json || manner.quiet || outside.mute()) outside.warn(text);
  else say(`\n${fitted(text, outside.columns())}`);
  return outside.code();
}

/** Tests the network of a run that ended, and writes the result. */
async function finish(run: Run, trained: Trained): Promise<void> {
  const { config, manner, where, data, engine, model, stepsPerEpoch, say } = run;
  const { folder, end, doctor } = trained;
  const { outside } = where;
  const { reason, snapshot } = end;
  const { finding } = run;
  const trainSeconds = finding.compileSeconds + finding.seconds + trained.trainSeconds;
  const weights = finite(finalWeights(config, snapshot), runFolder(folder).file("last"));
  const result = await report(model, weights, data.test, engine, config);
  const times = [...trained.times].sort((a, b) => a - b);
  const msPerStep = times[Math.floor(times.length / 2)] ?? 0;
  // The first step is compiled before it runs.
  const compileSeconds =
    finding.compileSeconds + Math.max(0, (trained.times[0] ?? 0) - msPerStep) / 1000;
  const weightsSha256 = sha256Of(weights.params);
  if (manner.json) {
    doctor?.end();
    outside.write(
      jsonLine({
        type: "result",
        testAccuracy: result.accuracy,
        testLoss: result.loss,
        weightsSha256,
        trainSeconds,
        compileSeconds,
        msPerStep,
        threads: engine.threads,
        turbo: engine.turbo ?? false,
        epochs: snapshot.progress.epoch,
        steps: snapshot.progress.step,
        stopped: reason,
        folder,
        ...(doctor && {
          findings: doctor.findings().map(({ id, severity }) => ({ id, severity })),
        }),
      }),
    );
  } else if (manner.quiet) outside.write(`test accuracy ${percent(result.accuracy)}\n`);
  else {
    const measured = { stepsPerEpoch, trainSeconds, msPerStep, weightsSha256 };
    conclude({ say, outside, config, data, folder, result, end, doctor, ...measured });
  }
}
