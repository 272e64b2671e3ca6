import type { Language } from "@tenon/doctor";
import { languageIn, numberIn, oneOf, pathOf } from "@tenon/terminal";
import { Option, type Command } from "commander";
import { allowed, complete, rates, recipes, type Config } from "./config.js";
import { flagOf, type Extras } from "./flags.js";
import type { Manner } from "./train.js";

/**
 * Flags of a run, as they come: those not given are left to the defaults of the model and the
 * optimizer. `keys`: only these.
 */
export function withFlags(command: Command, keys?: readonly (keyof Config)[]): Command {
  const add = (key: keyof typeof allowed, what: string): void => {
    if (keys && !keys.includes(key)) return;
    const may = allowed[key];
    const flag = flagOf(key);
    command.addOption(
      "low" in may
        ? new Option(`${flag} <${may.whole ? "n" : "x"}>`, what).argParser(numberIn(flag, may))
        : new Option(`${flag} <name>`, `${what}: ${may.join(", ")}`).argParser(oneOf(flag, may)),
    );
  };
  command.addOption(
    new Option(
      "--recipe <name>",
      `flags under one name, which others may change: ${Object.keys(recipes).join(", ")}`,
    ).argParser(oneOf("--recipe", Object.keys(recipes))),
  );
  add("model", "the network");
  add("filters", "of the first convolution (cnn 32, deep-cnn 16)");
  add("members", "networks of different initial values that answer together (1)");
  add("optimizer", "the rule (cnn and mlp adam, others adamw)");
  add("learningRate", `the size of a step (${rates.adam} for adam)`);
  add("schedule", "how the rate changes (cnn and mlp constant, others warmup-cosine)");
  add("decay", "× the rate, each epoch (exponential, 0.98) or third of the run (step, 0.1)");
  add("warmup", "fraction of the steps in which the rate of warmup-cosine rises (0.1)");
  add("momentum", "of momentum and nesterov (0.9)");
  add("beta2", "decay of adam's average of squared gradients (0.999)");
  add("batchSize", "images in a step (64)");
  add("epochs", "passes over the training images (cnn and mlp 5, others 4)");
  add("dropout", "fraction of values dropped before the last layer (cnn 0.5, mlp 0.2)");
  add("init", "initial values of kernels");
  add("normalization", "after each convolution or dense layer (batch for resnet, inception, vit)");
  add("l1", "× Σ|w| added to the loss");
  add("l2", "× Σw² added to the loss");
  add("weightDecay", "fraction of each weight that a step subtracts, × the rate (adamw 0.01)");
  add("maxNorm", "largest norm of a unit's weights");
  add("labelSmoothing", "fraction of each label that is distributed over all digits");
  add("clipNorm", "largest norm of all gradients together");
  add("clipValue", "largest absolute value in a gradient");
  add("augmentation", "random changes of training images (cnn and mlp none, others affine)");
  add("earlyStopping", "epochs without a better validation loss before it stops");
  add("average", "average of weights to end with");
  add("seed", "of initial values, the order and changes of images, and dropout (1)");
  if (!keys || keys.includes("data"))
    command.addOption(dataOption("IDX files, gzip or not, instead of the packaged MNIST"));
  add("limit", "use the first n training images only (0: all)");
  add(
    "hardest",
    "use only this fraction of the training images, the hardest for a linear model (1)",
  );
  add("validationSplit", "fraction of the training images to validate on, instead of the test set");
  add("engine", "the engine");
  add("checkpointEvery", "also write a checkpoint every n steps (0: only after each epoch)");
  return command;
}

/** Flags of how a command is executed and shown. */
export function withManner(command: Command, quiet = "only the result"): Command {
  return command
    .addOption(
      new Option(
        "--threads <n>",
        "threads to use; the results do not depend on it (default: all)",
      ).argParser(numberIn("--threads", { low: 1, high: 256, whole: true })),
    )
    .option(
      "--turbo",
      "use 256-bit instructions: the same results, faster (Node 24 or newer on x64)",
    )
    .option("--json", "one JSON event a line")
    .option("--quiet", quiet);
}

/** Flags that look inside a run and change nothing in it. */
export function withObservation(command: Command): Command {
  return languageOf(
    command
      .option(
        "--doctor",
        "watch the run, and say what is wrong with it and what to try first (--json: as events; " +
          "--quiet: errors alone, to stderr)",
      )
      .addOption(
        new Option(
          "--observe <file>",
          "write statistics of layers and parameters to a new file, a JSON event a line",
        ).argParser(pathOf("--observe", "a file")),
      )
      .addOption(
        new Option(
          "--observe-every <n>",
          "observe the first step and every n-th after it (50, less in runs of under 1,000 steps)",
        ).argParser(numberIn("--observe-every", { low: 1, whole: true })),
      )
      .addOption(
        new Option(
          "--histograms <n>",
          "also write histograms of n bins (of outputs, parameters and gradients)",
        ).argParser(numberIn("--histograms", { low: 1, high: 1024, whole: true })),
      ),
  );
}

/** The languages of findings. */
const languages: readonly [Language, ...Language[]] = ["en", "ko"];

export const languageOf = (command: Command): Command =>
  command.addOption(
    new Option(
      "--language <name>",
      `of what is found: ${languages.join(", ")} (that of LC_ALL, LC_MESSAGES or LANG)`,
    ).argParser(oneOf("--language", languages)),
  );

export const dataOption = (what: string): Option =>
  new Option("--data <folder>", what).argParser(pathOf("--data"));

/** The flags of a command, as commander gives them. */
export type Flags = Partial<Config> & Extras & { readonly recipe?: keyof typeof recipes };

const extraKeys: readonly (keyof Extras)[] = [
  ...(["out", "json", "quiet", "threads", "turbo", "explain"] as const),
  ...(["doctor", "language", "observe", "observeEvery", "histograms"] as const),
];

/** The flags that form a configuration, separated from the others. */
export function parted({ recipe, ...flags }: Flags): {
  readonly given: Partial<Config>;
  readonly config: Config;
  readonly extras: Extras;
} {
  const isExtra = ([key]: [string, unknown]): boolean => extraKeys.includes(key as keyof Extras);
  const entries = Object.entries(flags).filter(([, value]) => value !== undefined);
  const given: Partial<Config> = Object.fromEntries(entries.filter((entry) => !isExtra(entry)));
  const extras: Extras = Object.fromEntries(entries.filter(isExtra));
  return { given, config: complete(given, recipe), extras };
}

export const mannerOf = ({
  json = false,
  quiet = false,
  turbo = false,
  doctor = false,
  language = languageIn(process.env, languages),
  threads,
  observe,
  observeEvery,
  histograms,
}: Extras): Manner => ({
  ...{ json, quiet, turbo, doctor, language },
  ...(threads !== undefined && { threads }),
  ...(observe !== undefined && { observe }),
  ...(observeEvery !== undefined && { observeEvery }),
  ...(histograms !== undefined && { histograms }),
});
