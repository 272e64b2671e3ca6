import { runFolder } from "@tenon/formats/node";
import { summary } from "@tenon/layers";
import {
  brokenCall,
  call,
  counted,
  duration,
  flowed,
  grouped,
  narrowed,
  type Outside,
  percent,
  shown,
  wrapped,
} from "@tenon/terminal";
import type { EndEvent, Snapshot } from "@tenon/trainer";
import colors from "picocolors";
import type { Config } from "./config.js";
import type { Digits } from "./mnist.js";
import { modelOf } from "./models.js";
import { swaStart } from "./optimizer.js";
import { remedyCall } from "./remedies.js";
import { confusionTable, mistakesDrawn, type Report } from "./report.js";
import { endOf, type SomeEngine } from "./runs.js";
import type { Doctor } from "./watching.js";

interface Announced {
  readonly say: (text?: string) => void;
  readonly outside: Outside;
  readonly config: Config;
  readonly data: Digits;
  readonly folder: string;
}

interface Start extends Announced {
  readonly engine: SomeEngine;
  readonly resume?: Snapshot;
}

/** The table of a network's layers; of several members that of one. */
export function layerTable(
  config: Parameters<typeof modelOf>[0],
  image: readonly number[],
  columns: number,
): string {
  const { members = 1 } = config;
  const table = narrowed(summary(modelOf({ ...config, members: 1 }, image), image), columns);
  if (members === 1) return table;
  const sizes = Object.values(modelOf(config, image).plan(image).params).map(({ shape }) =>
    shape.reduce((a, b) => a * b, 1),
  );
  const all = grouped(sizes.reduce((a, b) => a + b, 0));
  const said = `${members} of these answer together: ${all} parameters`;
  return `${table}\n${wrapped(said, columns)}`;
}

/** The lines before a run: its network, data, optimizer, engine and folder. */
export function introduce({ say, outside, config, data, engine, folder, resume }: Start): void {
  const {
    optimizer,
    learningRate,
    schedule,
    epochs,
    batchSize,
    validationSplit,
    seed,
    classes,
    labelSmoothing,
    hardest,
    augmentation,
    members,
  } = config;
  const columns = outside.columns();
  const line = (name: string, text: string): void =>
    say(wrapped(colors.dim(name.padEnd(10)) + ` ${text}`, columns, 11));
  const resumed = resume ? ` · resumed after ${counted(resume.progress.step, "step")}` : "";
  const networks = members > 1 ? `${members} × ` : "";
  say(`${colors.bold(`tenon · ${networks}${config.model}`)}${colors.dim(resumed)}\n`);
  say(`${layerTable(config, data.train.x.shape, columns)}\n`);
  line(
    "data",
    `${counted(data.train.size, "image")} to train on, ` +
      (hardest < 1 ? "the hardest for a linear model, " : "") +
      (augmentation === "none" ? "" : `changed at random (${augmentation}), `) +
      `${grouped(data.test.size)} to test ` +
      `on${classes === 10 ? "" : `, of ${classes} classes`}; ${data.source}`,
  );
  line(
    "validation",
    validationSplit > 0
      ? `${counted(data.validation.size, "image")} held out of the training set`
      : "the test set after each epoch, as the tutorial does it",
  );
  if (labelSmoothing > 0)
    line(
      "loss",
      `cross entropy with labels smoothed by ${labelSmoothing}, in training, validation and test`,
    );
  line(
    "optimizer",
    `${optimizer}, learning rate ${learningRate} (${schedule}), batches of ${batchSize}, ` +
      `${counted(epochs, "epoch")}, seed ${seed}`,
  );
  line("engine", engineWords(engine));
  line("run", `${shown(folder)}\n`);
}

interface End extends Announced {
  readonly result: Report;
  readonly end: EndEvent;
  readonly stepsPerEpoch: number;
  readonly trainSeconds: number;
  readonly msPerStep: number;
  readonly weightsSha256: string;
  readonly doctor: Doctor | undefined;
}

/** The results of a run, and commands that a reader of the tutorial may try next. */
export function conclude({
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
  doctor,
}: End): void {
  const columns = outside.columns();
  const { reason, snapshot } = end;
  const early = reason === "earlyStopping";
  const accuracy = colors.bold(`Test accuracy ${colors.green(percent(result.accuracy))}`);
  const whose = weightsSaid(config, snapshot, stepsPerEpoch);
  if (early) say(colors.dim(wrapped(`Stopped early; the weights are ${whose}.`, columns)));
  const wrong = `${grouped(result.mistakes.length)} of ${grouped(data.test.size)} wrong`;
  say(`\n${flowed([accuracy, wrong, colors.dim(`loss ${result.loss.toFixed(4)}`)], columns)}`);
  if (!early && endOf(config, snapshot) !== "last")
    say(colors.dim(wrapped(`The weights are ${whose}.`, columns)));
  const axes = colors.dim("(rows: what it was; columns: what it was taken for)");
  say(`\n${wrapped(`${colors.bold("What was taken for what")} ${axes}`, columns)}`);
  say(confusionTable(result.counts, columns));
  if (result.mistakes.length > 0) {
    say(`\n${colors.bold("The worst mistakes")}`);
    say(mistakesDrawn(result.mistakes, data.test, columns === Infinity ? 100 : columns));
  }
  if (msPerStep > 0)
    say(
      `\n${colors.dim("trained")}     ${duration(trainSeconds)}, ${msPerStep.toFixed(1)} ms a step`,
    );
  say(
    `${msPerStep > 0 ? "" : "\n"}${colors.dim("weights")}     sha256 ` +
      `${weightsSha256.slice(0, 16)}…`,
  );
  say(flowed([colors.dim("checkpoint"), shown(runFolder(folder).file("last"))], columns));
  doctor?.end();
  say(`\n${colors.bold("Try next")}`);
  const suggestions = next(config, folder, early);
  const width = Math.max(...suggestions.map(([command]) => command.length));
  const fitsNextTo = suggestions.every(([, what]) => 2 + width + 2 + what.length <= columns);
  for (const [command, what] of suggestions) {
    if (fitsNextTo) say(`  ${colors.cyan(command.padEnd(width))}  ${colors.dim(what)}`);
    else
      say(
        `  ${colors.cyan(brokenCall(command, columns - 2))}\n    ` +
          `${colors.dim(wrapped(what, columns - 4, 4))}`,
      );
  }
  // In a small terminal the table and the pictures have scrolled the first line away.
  say(`\n${accuracy}`);
}

/** Which weights a run ended with. */
function weightsSaid(config: Config, snapshot: Snapshot, stepsPerEpoch: number): string {
  const { step, best } = snapshot.progress;
  const end = endOf(config, snapshot);
  if (end === "best") return `those of epoch ${best.epoch}, the best`;
  if (end === "last") return "those of the last step";
  if (config.average === "ema")
    return `the exponential moving average of all ${counted(step, "step")}`;
  const before = swaStart(config, stepsPerEpoch);
  return step > before
    ? `the stochastic average, of ${counted(step - before, "step")}`
    : `those of the last step, as the stochastic average begins after step ${before}`;
}

/** Commands to try after a run, and what each shows. */
export function next(config: Config, folder: string, early: boolean): [string, string][] {
  const path = shown(folder);
  const data = config.data === null ? [] : ["--data", shown(config.data)];
  const anew = (...words: string[]): string => call(...words, ...data);
  const other = (settings: Partial<Config>): string => remedyCall(config, settings);
  return [
    [call("predict", path, "--index", "0"), "let the trained network predict one image"],
    // A run that stopped early would stop again at once.
    ...(early
      ? []
      : [
          [call("resume", path, "--epochs", `${config.epochs + 5}`), "train it longer"] as [
            string,
            string,
          ],
        ]),
    ...(config.epochs > 1 && config.data === null
      ? [[anew("--recipe", "fast"), "99 % in one epoch"] as [string, string]]
      : []),
    config.dropout > 0
      ? [other({ dropout: 0 }), "what happens without dropout"]
      : [other({ dropout: 0.5 }), "what happens with dropout"],
    config.normalization === "batch" || config.model === "lstm"
      ? [anew("--model", "mlp", "--init", "normal"), "a poor initialization"]
      : [other({ normalization: "batch", schedule: "warmup-cosine" }), "batch norm and a schedule"],
    config.model === "resnet"
      ? [anew("--model", "inception"), "parallel branches"]
      : [anew("--model", "resnet"), "shortcuts"],
  ];
}

/** What an engine runs on. */
function engineWords({ name, threads, turbo, adapter, isSoftware }: SomeEngine): string {
  if (!adapter) return `${name}, ${counted(threads, "thread")}${turbo ? ", 256-bit" : ""}`;
  const what = [adapter.vendor, adapter.device || adapter.architecture].filter(Boolean).join(" ");
  const slow = isSoftware ? ", a software adapter: --engine wasm is faster" : "";
  return `${name}, ${what || "a GPU"}${slow}`;
}
