import { join, resolve } from "node:path";
import { summary } from "@tenon/layers";
import { Command, CommanderError, Option } from "commander";
import colors from "picocolors";
import { evaluate, predict, type AskOptions } from "./ask.js";
import { averages, complete, engines, inits, models, normalizations, numberIn, oneOf, optimizers, rates, recipes, schedules, type Config } from "./config.js";
import { isUserError } from "./fail.js";
import { modelOf } from "./models.js";
import { savedRun, train, type Manner } from "./train.js";

/** Flags of a run, as they come: those not given are left to the defaults of the model and the optimizer. */
function withFlags(command: Command): Command {
  const words = <W extends string>(flag: string, what: string, list: readonly W[]): void => { command.addOption(new Option(`${flag} <name>`, `${what}: ${list.join(", ")}`).argParser(oneOf(flag, list))); };
  const number = (flag: string, what: string, low: number, high = Infinity, whole = false): void => { command.addOption(new Option(`${flag} <${whole ? "n" : "x"}>`, what).argParser(numberIn(flag, low, high, whole))); };
  words("--recipe", "flags under one name, which others may change", Object.keys(recipes) as (keyof typeof recipes)[]);
  words("--model", "the network", models);
  words("--optimizer", "the rule", optimizers);
  number("--learning-rate", `how far a step goes (${rates.adam} for adam)`, 0);
  words("--schedule", "how the rate changes", schedules);
  number("--decay", "× the rate, each epoch (exponential, 0.98) or third of the run (step, 0.1)", 0, 1);
  number("--warmup", "share of the steps in which warmup-cosine rises (0.1)", 0, 1);
  number("--momentum", "of momentum and nesterov (0.9)", 0, 0.9999);
  number("--beta2", "how long adam remembers squared gradients (0.999)", 0, 0.999999);
  number("--batch-size", "images in a step (64)", 1, 60000, true);
  number("--epochs", "how often every image is seen (5)", 0, Infinity, true);
  number("--dropout", "share of numbers dropped before the last layer (cnn 0.5, mlp 0.2)", 0, 0.9999);
  words("--init", "first values of kernels", inits);
  words("--normalization", "after each convolution or dense layer (batch for resnet and inception)", normalizations);
  number("--l1", "× Σ|w| added to the loss", 0);
  number("--l2", "× Σw² added to the loss", 0);
  number("--weight-decay", "share of each weight taken away, × the rate (adamw 0.01)", 0);
  number("--max-norm", "longest column of weights a unit may have", 0);
  number("--label-smoothing", "share of each label spread over all digits", 0, 0.9999);
  number("--clip-norm", "longest gradient of all parameters together", 0);
  number("--clip-value", "largest number in a gradient", 0);
  number("--early-stopping", "epochs without a better validation loss before it stops", 0, Infinity, true);
  words("--average", "average of weights to end with", averages);
  number("--seed", "draws first values, the order of images, dropout (1)", -2147483648, 2147483647, true);
  command.option("--data <folder>", "IDX files, gzip or not, instead of the packaged MNIST");
  number("--limit", "use the first n training images only", 1, Infinity, true);
  number("--validation-split", "share of the training images to validate on, instead of the test set", 0, 0.9999);
  words("--engine", "what computes", engines);
  number("--checkpoint-every", "also write a checkpoint every n steps", 1, Infinity, true);
  return command;
}

function withManner(command: Command): Command {
  return command.addOption(new Option("--threads <n>", "threads to use; the numbers are the same with any (all there are)").argParser(numberIn("--threads", 1, 256, true)))
    .option("--json", "one JSON event a line").option("--quiet", "only the result");
}

type Flags = Partial<Config> & { readonly out?: string; readonly json?: boolean; readonly quiet?: boolean; readonly threads?: number; readonly recipe?: keyof typeof recipes };

const configOf = ({ out: _, json: _json, quiet: _quiet, threads: _threads, recipe, ...given }: Flags): Config => complete(given, recipe);
const mannerOf = ({ json = false, quiet = false, threads }: Flags): Manner => ({ json, quiet, ...(threads !== undefined && { threads }) });

/** `2026-11-23-1541-cnn` */
const fresh = (model: string): string => join("runs", `${new Date().toISOString().slice(0, 19).replace("T", "-").replaceAll(":", "")}-${model}`);

async function main(argv: readonly string[]): Promise<number> {
  let code = 0;
  const program = new Command("npm start --").description("Train, ask and take apart networks that read handwritten digits.").showHelpAfterError(false)
    .exitOverride().configureOutput({ outputError: () => {} }).helpCommand(false);
  const training = program.command("train", { isDefault: true }).description("train a network (default: the tutorial's experiment)");
  withManner(withFlags(training))
    .option("--out <folder>", "where checkpoints and history go (default: a new folder under runs/)")
    .action(async (flags: Flags) => {
      const config = configOf(flags);
      code = await train(config, resolve(flags.out ?? fresh(config.model)), mannerOf(flags));
    });
  program.addHelpText("after", () => `\nFlags of train, which is what runs without a command:\n${training.helpInformation().replace(/^[^]*?Options:\n/, "")}`);
  withManner(program.command("resume <folder>").description("go on with a run, bit for bit"))
    .addOption(new Option("--epochs <n>", "train up to this epoch instead").argParser(numberIn("--epochs", 0, Infinity, true)))
    .action(async (folder: string, flags: Flags) => {
      const { config, snapshot } = await savedRun(resolve(folder));
      code = await train({ ...config, ...(flags.epochs !== undefined && { epochs: flags.epochs }) }, resolve(folder), mannerOf(flags), snapshot);
    });
  const asking = (command: Command): Command => command.option("--best", "the best epoch's weights instead of the last").option("--data <folder>", "IDX files to ask about").option("--json", "JSON");
  asking(program.command("evaluate <run>").description("how good a saved network is on the test set"))
    .action(async (where: string, options: AskOptions) => { code = await evaluate(resolve(where), options); });
  asking(program.command("predict <run>").description("what a saved network takes one test image for"))
    .addOption(new Option("--index <n>", "which test image").argParser(numberIn("--index", 0, Infinity, true)).default(0))
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
      process.stderr.write(`${error.message.replace(/^error: /, "")}; see npm start -- --help\n`);
      return 2;
    }
    if (!isUserError(error)) throw error;
    process.stderr.write(`${colors.red(error.message)}\n`);
    return error.exitCode;
  }
}

process.exitCode = await main(process.argv.slice(2));
