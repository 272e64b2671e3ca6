import { join, resolve } from "node:path";
import { summary } from "@tenon/layers";
import { Command, CommanderError, Option } from "commander";
import colors from "picocolors";
import { evaluate, predict, type AskOptions } from "./ask.js";
import { allowed, complete, numberIn, oneOf, rates, recipes, type Config } from "./config.js";
import { explain } from "./explain.js";
import { isUserError } from "./fail.js";
import { modelOf } from "./models.js";
import { runAt } from "./runs.js";
import { train, type Manner } from "./train.js";

/** Flags of a run, as they come: those not given are left to the defaults of the model and the optimizer. */
function withFlags(command: Command): Command {
  const flagOf = (key: string): string => `--${key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
  const add = (key: keyof typeof allowed, what: string): void => {
    const may = allowed[key], flag = flagOf(key);
    command.addOption("low" in may ? new Option(`${flag} <${may.whole ? "n" : "x"}>`, what).argParser(numberIn(flag, may)) : new Option(`${flag} <name>`, `${what}: ${may.join(", ")}`).argParser(oneOf(flag, may)));
  };
  command.addOption(new Option("--recipe <name>", `flags under one name, which others may change: ${Object.keys(recipes).join(", ")}`).argParser(oneOf("--recipe", Object.keys(recipes))));
  add("model", "the network");
  add("filters", "of the cnn's first convolution (32)");
  add("optimizer", "the rule");
  add("learningRate", `how far a step goes (${rates.adam} for adam)`);
  add("schedule", "how the rate changes");
  add("decay", "× the rate, each epoch (exponential, 0.98) or third of the run (step, 0.1)");
  add("warmup", "share of the steps in which warmup-cosine rises (0.1)");
  add("momentum", "of momentum and nesterov (0.9)");
  add("beta2", "how long adam remembers squared gradients (0.999)");
  add("batchSize", "images in a step (64)");
  add("epochs", "how often every image is seen (5)");
  add("dropout", "share of numbers dropped before the last layer (cnn 0.5, mlp 0.2)");
  add("init", "first values of kernels");
  add("normalization", "after each convolution or dense layer (batch for resnet and inception)");
  add("l1", "× Σ|w| added to the loss");
  add("l2", "× Σw² added to the loss");
  add("weightDecay", "share of each weight taken away, × the rate (adamw 0.01)");
  add("maxNorm", "longest column of weights a unit may have");
  add("labelSmoothing", "share of each label spread over all digits");
  add("clipNorm", "longest gradient of all parameters together");
  add("clipValue", "largest number in a gradient");
  add("earlyStopping", "epochs without a better validation loss before it stops");
  add("average", "average of weights to end with");
  add("seed", "draws first values, the order of images, dropout (1)");
  command.option("--data <folder>", "IDX files, gzip or not, instead of the packaged MNIST");
  add("limit", "use the first n training images only (0: all)");
  add("validationSplit", "share of the training images to validate on, instead of the test set");
  add("engine", "what computes");
  add("checkpointEvery", "also write a checkpoint every n steps (0: only after each epoch)");
  return command;
}

function withManner(command: Command): Command {
  return command.addOption(new Option("--threads <n>", "threads to use; the numbers are the same with any (all there are)").argParser(numberIn("--threads", { low: 1, high: 256, whole: true })))
    .option("--turbo", "ask for code of 256 bits: the same numbers, faster (Node 24 or newer on x64)")
    .option("--json", "one JSON event a line").option("--quiet", "only the result");
}

type Flags = Partial<Config> & { readonly out?: string; readonly json?: boolean; readonly quiet?: boolean; readonly threads?: number; readonly turbo?: boolean; readonly explain?: boolean; readonly recipe?: keyof typeof recipes };

const configOf = ({ out: _, json: _json, quiet: _quiet, threads: _threads, turbo: _turbo, explain: _explain, recipe, ...given }: Flags): Config => complete(given, recipe);
const mannerOf = ({ json = false, quiet = false, turbo = false, threads }: Flags): Manner => ({ json, quiet, turbo, ...(threads !== undefined && { threads }) });

/** `2026-11-23-1541-cnn` */
const fresh = (model: string): string => join("runs", `${new Date().toISOString().slice(0, 19).replace("T", "-").replaceAll(":", "")}-${model}`);

async function main(argv: readonly string[]): Promise<number> {
  let code = 0;
  const program = new Command("npm start --").description("Train, ask and take apart networks that read handwritten digits.").showHelpAfterError(false)
    .exitOverride().configureOutput({ outputError: () => {} }).helpCommand(false);
  const training = program.command("train", { isDefault: true }).description("train a network (default: the tutorial's experiment)");
  withManner(withFlags(training))
    .option("--out <folder>", "where checkpoints and history go (default: a new folder under runs/)")
    .option("--explain", "show the kernels that a training step runs, with the time of each, instead of training")
    .action(async (flags: Flags) => {
      const config = configOf(flags);
      if (flags.explain) process.stdout.write(`${await explain(config, mannerOf(flags))}\n`);
      else code = await train(config, resolve(flags.out ?? fresh(config.model)), mannerOf(flags));
    });
  program.addHelpText("after", () => `\nFlags of train, which is what runs without a command:\n${training.helpInformation().replace(/^[^]*?Options:\n/, "")}`);
  withManner(program.command("resume <folder>").description("go on with a run, bit for bit"))
    .addOption(new Option("--epochs <n>", "train up to this epoch instead").argParser(numberIn("--epochs", allowed.epochs as { low: number })))
    .action(async (folder: string, flags: Flags) => {
      const { config, snapshot } = await runAt(resolve(folder));
      code = await train({ ...config, ...(flags.epochs !== undefined && { epochs: flags.epochs }) }, resolve(folder), mannerOf(flags), snapshot);
    }); // without a snapshot it was stopped before its first: it starts anew
  const asking = (command: Command): Command => command.option("--best", "the best epoch's weights instead of the last").option("--data <folder>", "IDX files to ask about").option("--json", "JSON");
  asking(program.command("evaluate <run>").description("how good a saved network is on the test set"))
    .action(async (where: string, options: AskOptions) => { code = await evaluate(resolve(where), options); });
  asking(program.command("predict <run>").description("what a saved network takes one test image for"))
    .addOption(new Option("--index <n>", "which test image").argParser(numberIn("--index", { low: 0, whole: true })).default(0))
    .action(async (where: string, options: AskOptions & { index: number }) => { code = await predict(resolve(where), options); });
  withFlags(program.command("summary").description("the table of a network's layers")).action((flags: Flags) => {
    process.stdout.write(`${summary(modelOf(configOf(flags)), [28, 28, 1])}\n`);
  });

  try {
    await program.parseAsync(argv as string[], { from: "user" });
    return code;
  } catch (error) {
    if (error instanceof CommanderError) { // eslint-disable-line no-restricted-syntax -- commander throws its own class
      if (error.exitCode === 0) return 0;
      const said = error.code === "commander.excessArguments" && !argv[0]!.startsWith("-") && !program.commands.some((command) => command.name() === argv[0])
        ? `unknown command "${argv[0]!}": expected ${program.commands.map((command) => command.name()).join(", ")}` : error.message.replace(/^error: /, "").replace(/\.$/, "");
      process.stderr.write(`${said}; see npm start -- --help\n`);
      return 2;
    }
    if (!isUserError(error)) throw error;
    process.stderr.write(`${colors.red(error.message)}\n`);
    return error.exitCode;
  }
}

process.exitCode = await main(process.argv.slice(2));
