import { join, resolve } from "node:path";
import { summary } from "@tenon/layers";
import { Command, CommanderError, Option } from "commander";
import { evaluate, predict, type AskOptions } from "./ask.js";
import { allowed, complete, numberIn, oneOf, rates, recipes, type Config } from "./config.js";
import { explain } from "./explain.js";
import { fail, isSystemError, isUserError, systemProblem } from "./fail.js";
import { flagOf, refuseIdle, type Extras } from "./flags.js";
import { claimed, claimedNew, free, newRun } from "./folders.js";
import { narrowed } from "./layout.js";
import { modelOf } from "./models.js";
import { outside as listening, red, type Outside } from "./outside.js";
import { counted } from "./progress.js";
import { configAt, finite, plainWeights, runAt } from "./runs.js";
import { shown } from "./shell.js";
import { train, type Manner } from "./train.js";

/**
 * Flags of a run, as they come: those not given are left to the defaults of the model and the
 * optimizer. `keys`: only these.
 */
function withFlags(command: Command, keys?: readonly (keyof Config)[]): Command {
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
  add("filters", "of the cnn's first convolution (32)");
  add("optimizer", "the rule");
  add("learningRate", `the size of a step (${rates.adam} for adam)`);
  add("schedule", "how the rate changes");
  add("decay", "× the rate, each epoch (exponential, 0.98) or third of the run (step, 0.1)");
  add("warmup", "fraction of the steps in which the rate of warmup-cosine rises (0.1)");
  add("momentum", "of momentum and nesterov (0.9)");
  add("beta2", "decay of adam's average of squared gradients (0.999)");
  add("batchSize", "images in a step (64)");
  add("epochs", "passes over the training images (5)");
  add("dropout", "fraction of values dropped before the last layer (cnn 0.5, mlp 0.2)");
  add("init", "initial values of kernels");
  add("normalization", "after each convolution or dense layer (batch for resnet and inception)");
  add("l1", "× Σ|w| added to the loss");
  add("l2", "× Σw² added to the loss");
  add("weightDecay", "fraction of each weight that a step subtracts, × the rate (adamw 0.01)");
  add("maxNorm", "largest norm of a unit's weights");
  add("labelSmoothing", "fraction of each label that is distributed over all digits");
  add("clipNorm", "largest norm of all gradients together");
  add("clipValue", "largest absolute value in a gradient");
  add("earlyStopping", "epochs without a better validation loss before it stops");
  add("average", "average of weights to end with");
  add("seed", "of initial values, the order of images and dropout (1)");
  if (!keys) command.addOption(dataOption("IDX files, gzip or not, instead of the packaged MNIST"));
  add("limit", "use the first n training images only (0: all)");
  add("validationSplit", "fraction of the training images to validate on, instead of the test set");
  add("engine", "the engine");
  add("checkpointEvery", "also write a checkpoint every n steps (0: only after each epoch)");
  return command;
}

function withManner(command: Command): Command {
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
    .option("--quiet", "only the result");
}

/** A folder's path; an empty one would be the folder that the app runs in. */
const pathOf =
  (flag: string) =>
  (text: string): string =>
    text === "" ? fail(`${flag} expects a folder, got ""`, 2) : resolve(text);
const dataOption = (what: string): Option =>
  new Option("--data <folder>", what).argParser(pathOf("--data"));

type Flags = Partial<Config> & Extras & { readonly recipe?: keyof typeof recipes };

/** The flags that form a configuration, separated from the others. */
function parted({ out, json, quiet, threads, turbo, explain: explains, recipe, ...given }: Flags): {
  readonly given: Partial<Config>;
  readonly config: Config;
  readonly extras: Extras;
} {
  const extras: Extras = Object.fromEntries(
    Object.entries({ out, json, quiet, threads, turbo, explain: explains }).filter(
      ([, value]) => value !== undefined,
    ),
  );
  return { given, config: complete(given, recipe), extras };
}
const mannerOf = ({ json = false, quiet = false, turbo = false, threads }: Extras): Manner => ({
  json,
  quiet,
  turbo,
  ...(threads !== undefined && { threads }),
});

/** Continues a run, also to a later epoch than it was started for. */
async function resume(
  folder: string,
  { epochs, data, ...rest }: Flags,
  outside: Outside,
): Promise<number> {
  await configAt(folder); // a folder without a run is left alone
  const claim = await claimed(folder);
  try {
    const { config, snapshot, trained } = await runAt(folder);
    if (snapshot) finite(plainWeights(snapshot), join(folder, "last.safetensors"));
    const { given, extras } = parted(rest);
    const done = snapshot?.progress;
    if (epochs !== undefined && done?.stopped) {
      fail(
        `--epochs does nothing here: the run in ${shown(folder)} stopped early, after ` +
          `epoch ${done.epoch}, as its validation loss got no better; start one with a ` +
          "larger --early-stopping",
        2,
      );
    }
    if (epochs !== undefined && done && epochs <= done.epoch && done.batch === 0) {
      fail(
        `--epochs expects more than the ${done.epoch} that the run in ${shown(folder)} ` +
          `has done, got ${epochs}`,
        2,
      );
    }
    if (epochs !== undefined && done && epochs <= done.epoch)
      fail(
        `--epochs expects more than ${done.epoch}: epoch ${done.epoch + 1} of the run in ` +
          `${shown(folder)} is under way, got ${epochs}`,
        2,
      );
    const next: Config = {
      ...config,
      ...(epochs !== undefined && { epochs }),
      ...(data !== undefined && { data }),
    };
    refuseIdle(extras, next, extras);
    if (
      trained &&
      done &&
      done.step > 0 &&
      next.epochs !== trained.epochs &&
      (["step", "cosine", "warmup-cosine"].includes(config.schedule) || config.average === "swa")
    ) {
      const what =
        config.average === "swa" ? "the average begins" : `the rate (${config.schedule}) goes`;
      outside.warn(
        `from here on ${what} by ${counted(next.epochs, "epoch")} instead of ` +
          `${trained.epochs}: the ` +
          `run differs from one that was started with --epochs ${next.epochs}`,
      );
    }
    if (done?.stopped)
      outside.warn(`nothing is left to train: the run stopped early, after epoch ${done.epoch}`);
    else if (done && done.epoch >= next.epochs)
      outside.warn(
        `nothing is left to train: the run has done its ${counted(next.epochs, "epoch")}; ` +
          "--epochs with more of them trains it longer",
      );
    // Without a snapshot it was stopped before the first one: it starts from the beginning.
    return await train(next, mannerOf(extras), {
      claim: () => Promise.resolve(claim),
      given,
      outside,
      ...(snapshot && { resume: snapshot }),
    });
  } finally {
    await claim.release();
  }
}

async function main(argv: readonly string[], outside: Outside): Promise<number> {
  let code = 0;
  const program = new Command("npm start --")
    .description("Train, evaluate and profile networks that read handwritten digits.")
    .showHelpAfterError(false)
    .configureHelp({ minWidthToWrap: 20 })
    .exitOverride()
    .configureOutput({
      outputError: () => {},
      writeOut: outside.write,
      getOutHelpWidth: () => Math.min(outside.columns(), 100),
    })
    .helpCommand(false);
  const training = program
    .command("train", { isDefault: true })
    .description("train a network (default: the tutorial's experiment)");
  withManner(withFlags(training))
    .addOption(
      new Option(
        "--out <folder>",
        "where checkpoints and history go (default: a new folder under runs/)",
      ).argParser(pathOf("--out")),
    )
    .option(
      "--explain",
      "show the kernels that a training step runs, with the time of each, instead of training",
    )
    .action(async (flags: Flags) => {
      const { given, config, extras } = parted(flags);
      const { out } = extras;
      refuseIdle({ ...given, ...extras }, config, extras);
      if (extras.explain) {
        outside.write(`${await explain(config, mannerOf(extras))}\n`);
        return;
      }
      if (out !== undefined) free(out);
      code = await train(config, mannerOf(extras), {
        claim: () => (out === undefined ? newRun(config.model) : claimedNew(out)),
        given,
        outside,
      });
    });
  program.addHelpText(
    "after",
    () =>
      `\nFlags of train, which is what runs without a ` +
      `command:\n${training.helpInformation().replace(/^[^]*?Options:\n/, "")}`,
  );
  withManner(
    program
      .command("resume")
      .argument("<folder>", "a run", pathOf("resume"))
      .description("go on with a run, bit for bit"),
  )
    .addOption(
      new Option("--epochs <n>", "train up to this epoch instead").argParser(
        numberIn("--epochs", allowed.epochs as { low: number }),
      ),
    )
    .addOption(dataOption("where the same IDX files are now"))
    .action(async (folder: string, flags: Flags) => {
      code = await resume(folder, flags, outside);
    });
  const asking = (name: string, what: string): Command =>
    program
      .command(name)
      .argument("<run>", "its folder or a checkpoint", pathOf(name))
      .description(what)
      .option("--best", "the best epoch's weights instead of the last")
      .addOption(dataOption("IDX files to evaluate on"))
      .option("--json", "JSON");
  asking("evaluate", "how good a saved network is on the test set").action(
    async (where: string, options: AskOptions) => {
      code = await evaluate(where, options, outside);
    },
  );
  asking("predict", "what a saved network takes one test image for")
    .addOption(
      new Option("--index <n>", "which test image")
        .argParser(numberIn("--index", { low: 0, whole: true }))
        .default(0),
    )
    .action(async (where: string, options: AskOptions & { index: number }) => {
      code = await predict(where, options, outside);
    });
  withFlags(program.command("summary").description("the table of a network's layers"), [
    "model",
    "filters",
    "dropout",
    "normalization",
  ]).action((flags: Flags) => {
    const { given, config } = parted(flags);
    refuseIdle(given, config, {});
    outside.write(`${narrowed(summary(modelOf(config), [28, 28, 1]), outside.columns())}\n`);
  });

  try {
    await program.parseAsync(argv as string[], { from: "user" });
    return code;
  } catch (error) {
    // eslint-disable-next-line no-restricted-syntax -- commander throws its own class
    if (error instanceof CommanderError) {
      if (error.exitCode === 0) return 0;
      const message =
        error.code === "commander.excessArguments" &&
        !argv[0]!.startsWith("-") &&
        !program.commands.some((command) => command.name() === argv[0])
          ? `unknown command "${argv[0]!}": expected ` +
            `${program.commands.map((command) => command.name()).join(", ")}`
          : error.message.replace(/^error: /, "").replace(/\.$/, "");
      outside.warn(`${message}; see npm start -- --help`);
      return 2;
    }
    return reportError(error, outside);
  }
}

/**
 * Writes the error in one sentence; for an error of the program itself, also how to show its
 * stack. Returns the exit code.
 */
function reportError(error: unknown, outside: Outside): number {
  if (isUserError(error)) {
    outside.warn(red(error.message));
    return error.exitCode;
  }
  if (process.env["TENON_STACK"])
    outside.warn(String((error as Error | undefined)?.stack ?? error));
  else if (isSystemError(error) && error.syscall === "uv_cwd")
    outside.warn(red("the folder that this was started in is gone; start it in another"));
  else if (isSystemError(error))
    outside.warn(
      red(`cannot use ${shown(error.path ?? error.resource ?? ".")}: ${systemProblem(error)}`),
    );
  else
    outside.warn(
      red(
        `${(error as Error | undefined)?.message ?? String(error)} (unexpected: ` +
          "TENON_STACK=1 shows where)",
      ),
    );
  return 1;
}

const around = listening();
process.on("uncaughtException", (error) => process.exit(reportError(error, around)));
process.exitCode = await main(process.argv.slice(2), around);
