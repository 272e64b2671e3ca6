import { existsSync } from "node:fs";
import { join, relative } from "node:path";
import type { Engine } from "@tenon/contracts";
import { runFolder } from "@tenon/formats/node";
import { summary } from "@tenon/layers";
import { crossEntropy } from "@tenon/losses";
import { accuracy } from "@tenon/metrics";
import type { Tensor } from "@tenon/tensor";
import { fit, type EndEvent, type EpochScores, type Snapshot } from "@tenon/trainer";
import colors from "picocolors";
import type { Config } from "./config.js";
import { fail, plainly } from "./fail.js";
import { digits, type Digits } from "./mnist.js";
import { modelOf } from "./models.js";
import { optimizerOf, penaltiesOf, stopperOf } from "./optimizer.js";
import { duration, machines, people, percent } from "./progress.js";
import { confusionTable, mistakesDrawn, report } from "./report.js";
import { engineOf, finalWeights, makeFolder, replace, sha256Of } from "./runs.js";

/** How a run goes and is shown; none of it changes a number. */
export interface Manner {
  readonly json: boolean;
  readonly quiet: boolean;
  readonly threads?: number;
  readonly turbo?: boolean;
}

/** Trains from the start, or on from a snapshot. Gives the exit code. */
export async function train(config: Config, folder: string, manner: Manner, resume?: Snapshot): Promise<number> {
  const say = (text = ""): void => { if (!manner.json && !manner.quiet) process.stdout.write(`${text}\n`); };
  const write = (line: object): void => { process.stdout.write(`${JSON.stringify(line)}\n`); };
  if (!resume && existsSync(runFolder(folder).file("last"))) fail(`expected a folder without a run, got ${folder}; go on with: npm start -- resume ${folder}`, 2);
  const data = await digits(config), engine = await engineOf(config.engine, manner);
  const model = modelOf(config), earlyStopping = stopperOf(config), stepsPerEpoch = Math.ceil(data.train.size / config.batchSize);
  plainly(2, () => model.plan(data.train.x.shape));
  const optimizer = plainly(2, () => optimizerOf(config, stepsPerEpoch));

  await makeFolder(folder).catch((error: Error) => fail(`cannot write to ${folder}: ${error.message}`));
  await replace(join(folder, "config.json"), `${JSON.stringify(config, null, 2)}\n`);
  introduce(say, config, data, { engine, turbo: manner.turbo }, folder, summary(model, data.train.x.shape), resume);

  const stop = new AbortController();
  const interrupt = (): void => stop.abort();
  process.once("SIGINT", interrupt).once("SIGTERM", interrupt);
  const progress = manner.json ? machines(write) : manner.quiet ? undefined : people(process.stdout);
  const history: EpochScores[] = [...(resume?.progress.history ?? [])];
  const times: number[] = [];
  let end: EndEvent | undefined;
  try {
    const { batchSize, epochs, seed, checkpointEvery, labelSmoothing } = config;
    for await (const event of fit(model, {
      train: data.train, validation: data.validation, loss: (p, t) => crossEntropy(p, t, { labelSmoothing }), metrics: [accuracy],
      optimizer, penalties: penaltiesOf(config), batchSize, epochs, seed, engine, checkpoints: runFolder(folder), signal: stop.signal,
      ...(earlyStopping && { earlyStopping }), ...(checkpointEvery > 0 && { checkpointEvery }), ...(resume && { resume }),
    })) {
      progress?.see(event);
      if (event.type === "step") times.push(event.milliseconds);
      if (event.type === "epoch") {
        const { epoch, step, train, validation } = event;
        history.push({ epoch, step, train, ...(validation && { validation }) });
        await replace(join(folder, "history.jsonl"), history.map((line) => `${JSON.stringify(line)}\n`).join(""));
      }
      if (event.type === "nonFinite" && !manner.json) process.stderr.write(`${event.message.replace(/^fit: /, "")}\n`);
      if (event.type === "end") end = event;
    }
  } catch (error) {
    // What does not fit (a checkpoint of another model, say) is said plainly.
    if (resume && /^(resume|fit):/.test((error as Error).message)) fail(`the checkpoint in ${folder} does not fit its configuration: ${(error as Error).message}`);
    throw error;
  } finally {
    process.off("SIGINT", interrupt).off("SIGTERM", interrupt);
  }

  const { reason, snapshot, trainSeconds } = end!;
  const again = `npm start -- resume ${relative(process.cwd(), folder) || "."}`;
  if (reason === "aborted") {
    say(`\nStopped after ${snapshot.progress.step} steps; nothing is lost. Go on with: ${colors.cyan(again)}`);
    return 130;
  }
  if (reason === "nonFinite") return 1;

  const weights = finalWeights(config, snapshot);
  const result = await report(model, weights, data.test, engine);
  times.sort((a, b) => a - b);
  const msPerStep = times[Math.floor(times.length / 2)] ?? 0, weightsSha256 = sha256Of(weights.params);
  if (manner.json) {
    write({ type: "result", testAccuracy: result.accuracy, testLoss: result.loss, weightsSha256, trainSeconds, msPerStep, threads: engine.threads, turbo: engine.turbo ?? false, epochs: snapshot.progress.epoch, steps: snapshot.progress.step, stopped: reason, folder });
    return 0;
  }
  if (manner.quiet) {
    process.stdout.write(`test accuracy ${percent(result.accuracy)}\n`);
    return 0;
  }
  if (reason === "earlyStopping") say(colors.dim(`Stopped early; the weights are those of epoch ${snapshot.progress.best.epoch}.`));
  say(`\n${colors.bold(`Test accuracy ${colors.green(percent(result.accuracy))}`)}  ${result.mistakes.length} of ${data.test.size.toLocaleString("en")} wrong  ${colors.dim(`loss ${result.loss.toFixed(4)}`)}`);
  if (config.average !== "none") say(colors.dim(`with the ${config.average === "ema" ? "exponential moving" : "stochastic"} average of the weights`));
  say(`\n${colors.bold("What was taken for what")} ${colors.dim("(rows: what it was; columns: what it was taken for)")}\n${confusionTable(result.counts)}`);
  if (result.mistakes.length > 0) say(`\n${colors.bold("The worst mistakes")}\n${mistakesDrawn(result.mistakes, data.test, process.stdout.columns || 100)}`);
  say(`\n${colors.dim("trained")}     ${duration(trainSeconds)}, ${msPerStep.toFixed(1)} ms a step`);
  say(`${colors.dim("weights")}     sha256 ${weightsSha256.slice(0, 16)}…`);
  say(`${colors.dim("checkpoint")}  ${relative(process.cwd(), runFolder(folder).file("last"))}`);
  say(`\n${colors.bold("Try next")}`);
  for (const [command, what] of next(config, folder)) say(`  ${colors.cyan(command.padEnd(58))} ${colors.dim(what)}`);
  return 0;
}

/** What a reader of the tutorial might try after this run. */
function next(config: Config, folder: string): [string, string][] {
  const at = relative(process.cwd(), folder) || ".";
  return [
    [`npm start -- predict ${at} --index 0`, "ask the trained network about one image"],
    [`npm start -- resume ${at} --epochs ${config.epochs + 5}`, "train it longer"],
    ...(config.epochs > 1 ? [["npm start -- --recipe fast", "99 % in one epoch"] as [string, string]] : []),
    config.dropout > 0 ? ["npm start -- --dropout 0", "what happens without dropout"] : ["npm start -- --dropout 0.5", "what happens with dropout"],
    config.normalization === "batch" ? ["npm start -- --model mlp --init normal", "a poor initialisation"] : ["npm start -- --normalization batch --schedule warmup-cosine", "batch norm and a schedule"],
    config.model === "resnet" ? ["npm start -- --model inception", "parallel branches"] : ["npm start -- --model resnet --epochs 2", "shortcuts"],
  ];
}

function introduce(say: (text?: string) => void, config: Config, data: Digits, { engine, turbo = false }: { readonly engine: Engine<Tensor> & { readonly turbo?: boolean }; readonly turbo?: boolean | undefined }, folder: string, table: string, resume?: Snapshot): void {
  const { optimizer, learningRate, schedule, epochs, batchSize, validationSplit, seed } = config;
  const line = (name: string, text: string): void => say(`${colors.dim(name.padEnd(11))}${text}`);
  say(`${colors.bold(`tenon · ${config.model}`)}${resume ? colors.dim(` · resumed after ${resume.progress.step} steps`) : ""}\n\n${table}\n`);
  line("data", `${data.train.size.toLocaleString("en")} images to train on, ${data.test.size.toLocaleString("en")} to test on; ${data.source}`);
  line("validation", validationSplit > 0 ? `${data.validation.size.toLocaleString("en")} images held out of the training set` : "the test set after each epoch, as the tutorial does it");
  line("optimizer", `${optimizer}, learning rate ${learningRate} (${schedule}), batches of ${batchSize}, ${epochs} epoch${epochs === 1 ? "" : "s"}, seed ${seed}`);
  line("engine", `${engine.name}, ${engine.threads} thread${engine.threads === 1 ? "" : "s"}${!turbo ? "" : engine.turbo ? ", 256 bits" : colors.yellow("; no turbo here: it needs the wasm engine, and Node 24 or newer on x64")}`);
  line("run", `${relative(process.cwd(), folder) || "."}\n`);
}
