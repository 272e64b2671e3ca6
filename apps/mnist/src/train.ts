import { existsSync } from "node:fs";
import { join } from "node:path";
import { runFolder } from "@tenon/formats/node";
import { accuracy } from "@tenon/metrics";
import { fit, type EndEvent, type EpochScores, type Snapshot } from "@tenon/trainer";
import type { Config } from "./config.js";
import { fail, isSystemError, plainly, systemProblem } from "./fail.js";
import { notesOn } from "./flags.js";
import { pending, replace, type Claim, type Pending } from "./folders.js";
import { digits } from "./mnist.js";
import { modelFor } from "./models.js";
import { optimizerOf, penaltiesOf, stopperOf } from "./optimizer.js";
import { red, type Outside } from "./outside.js";
import { counted, jsonLine, machines, people, percent } from "./progress.js";
import { lossOf, report } from "./report.js";
import { engineOf, finalWeights, finite, sha256Of, withConfig } from "./runs.js";
import { call, fitted, resumeCall, shown } from "./shell.js";
import { conclude, introduce } from "./told.js";

/** How a run goes and is shown; none of it changes a number. */
export interface Manner {
  readonly json: boolean;
  readonly quiet: boolean;
  readonly threads?: number;
  readonly turbo?: boolean;
}

/** Where a run goes, and what it goes on from. */
export interface Where {
  /** Makes the folder this run's alone; called when nothing else is in the way. */
  claim(): Promise<Claim>;
  readonly resume?: Snapshot;
  /** The flags that were given. */
  readonly given: Partial<Config>;
  readonly outside: Outside;
}

/** Trains from the start, or on from a snapshot. Gives the exit code. */
export async function train(asked: Config, manner: Manner, where: Where): Promise<number> {
  const { resume, given, outside } = where;
  const data = await digits(asked);
  const say =
    manner.json || manner.quiet ? () => {} : (text = ""): void => outside.write(`${text}\n`);
  if (resume && data.classes > asked.classes)
    fail(
      `expected labels below ${asked.classes}, which the run was started with, in ` +
        `${data.source}, got ${data.classes - 1}`,
    );
  const config: Config = { ...asked, classes: resume ? asked.classes : data.classes };
  const engine = await engineOf(config.engine, manner);
  const model = modelFor(config, data.train.x.shape, data.source, resume !== undefined);
  const stepsPerEpoch = Math.ceil(data.train.size / config.batchSize);
  const optimizer = plainly(2, () => optimizerOf(config, stepsPerEpoch));
  for (const note of [...data.notes, ...notesOn(given, config, stepsPerEpoch)]) outside.warn(note);
  if (manner.threads !== undefined && engine.threads < manner.threads)
    outside.warn(`--threads ${manner.threads}: ${engine.threads} can be used here, and are`);
  if (manner.turbo && !engine.turbo)
    outside.warn("--turbo changes nothing here: it needs Node 24 or newer on x64");

  const times: number[] = [];
  const { folder, end, saved } = await outside.hold(async () => {
    const claim = await where.claim();
    const at = claim.folder;
    const files = runFolder(at);
    try {
      const history: EpochScores[] = [...(resume?.progress.history ?? [])];
      const lines = (): string => history.map(jsonLine).join("");
      const progress = manner.quiet
        ? undefined
        : manner.json
          ? machines((line) => outside.write(jsonLine(line)))
          : people(outside);
      const { batchSize, epochs, seed, checkpointEvery } = config;
      const earlyStopping = stopperOf(config);
      let last: EndEvent | undefined;
      let written = resume?.progress.step;
      let next: Pending | undefined;
      try {
        for await (const event of fit(model, {
          train: data.train,
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
          signal: outside.ending,
          ...(earlyStopping && { earlyStopping }),
          ...(checkpointEvery > 0 && { checkpointEvery }),
          ...(resume && { resume }),
        })) {
          if (event.type === "start") {
            // All fits: now it may be seen, and written down.
            await replace(join(at, "config.json"), `${JSON.stringify(config, null, 2)}\n`);
            if (resume) await replace(join(at, "history.jsonl"), lines());
            introduce({
              say,
              outside,
              config,
              data,
              engine,
              model,
              folder: at,
              ...(resume && { resume }),
            });
          }
          progress?.see(event);
          if (event.type === "step") times.push(event.milliseconds);
          if (event.type === "epoch") {
            const { epoch, step, train: scores, validation } = event;
            history.push({ epoch, step, train: scores, ...(validation && { validation }) });
            // It counts when the checkpoint of the epoch is written: the two are never of different
            // epochs.
            next = await pending(join(at, "history.jsonl"), lines());
          }
          if (event.type === "checkpoint" && event.name === "last") {
            await next?.commit();
            [next, written] = [undefined, event.step];
          }
          if (event.type === "nonFinite" && !manner.json)
            outside.warn(red(event.message.replace(/^fit: /, "")));
          if (event.type === "end") last = event;
        }
      } catch (error) {
        const { message } = error as Error;
        if (isSystemError(error)) {
          const kept =
            written === undefined || !existsSync(files.file("last"))
              ? ""
              : `; the checkpoint of step ${written} is whole: when that is mended, go on ` +
                `with: ${resumeCall(at)}`;
          fail(`cannot write to ${shown(at)}: ${systemProblem(error)}${kept}`);
        }
        // What does not fit (a checkpoint of another model, say) is said plainly.
        if (resume && message.includes("data that the snapshot was taken with")) {
          fail(
            `the run in ${shown(at)} was trained with other images or labels than those ` +
              `of ${data.source}, as they are now: give those that it had (resume has ` +
              "--data), or start a new run",
          );
        }
        if (resume && /^(resume|fit):/.test(message))
          fail(`the checkpoint in ${shown(at)} does not fit its configuration: ${message}`);
        if (/^fit:/.test(message)) fail(message.replace(/^fit: /, ""));
        throw error;
      }
      return { folder: at, end: last!, saved: written };
    } finally {
      await claim.release();
    }
  });

  const { reason, snapshot, trainSeconds } = end;
  const { step } = snapshot.progress;
  if (outside.ending.aborted) {
    const goOn =
      reason === "aborted"
        ? `Go on with: ${resumeCall(folder)}`
        : `The run is complete; look at it with: ${call("evaluate", shown(folder))}`;
    const text = `Stopped after ${counted(saved ?? step, "step")}; nothing is lost. ${goOn}`;
    if (manner.json || manner.quiet || outside.mute()) outside.warn(text);
    else say(`\n${fitted(text, outside.columns())}`);
    return outside.code();
  }
  if (reason === "nonFinite") return 1;

  const weights = finite(finalWeights(config, snapshot), runFolder(folder).file("last"));
  const result = await report(model, weights, data.test, engine, config);
  times.sort((a, b) => a - b);
  const msPerStep = times[Math.floor(times.length / 2)] ?? 0;
  const weightsSha256 = sha256Of(weights.params);
  if (manner.json) {
    outside.write(
      jsonLine({
        type: "result",
        testAccuracy: result.accuracy,
        testLoss: result.loss,
        weightsSha256,
        trainSeconds,
        msPerStep,
        threads: engine.threads,
        turbo: engine.turbo ?? false,
        epochs: snapshot.progress.epoch,
        steps: step,
        stopped: reason,
        folder,
      }),
    );
  } else if (manner.quiet) outside.write(`test accuracy ${percent(result.accuracy)}\n`);
  else
    conclude({
      say,
      outside,
      config,
      data,
      folder,
      result,
      end,
      stepsPerEpoch,
      trainSeconds,
      msPerStep,
      weightsSha256,
    });
  return 0;
}
