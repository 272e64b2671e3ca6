import { numberIn, type Outside, outside as listening, pathOf, reportError } from "@tenon/terminal";
import { Command, CommanderError, Option } from "commander";
import { evaluate, predict, type AskOptions } from "./ask.js";
import { check, checkedFlags } from "./check.js";
import { allowed } from "./config.js";
import { explain } from "./explain.js";
import { refuseIdle } from "./flags.js";
import { claimedNew, free, newRun } from "./folders.js";
import {
  dataOption,
  languageOf,
  mannerOf,
  parted,
  withFlags,
  withManner,
  withObservation,
  type Flags,
} from "./options.js";
import { resume } from "./resume.js";
import { layerTable } from "./runReport.js";
import { train } from "./train.js";

/** Adds a command to the program; its action says how it ended: 0, or what went wrong. */
type Add = (program: Command, outside: Outside, ended: (code: number) => void) => void;

const addTrain: Add = (program, outside, ended) => {
  const training = program
    .command("train", { isDefault: true })
    .description("train a network (default: the tutorial's experiment)");
  withObservation(withManner(withFlags(training)))
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
      const claim = () => (out === undefined ? newRun(config.model) : claimedNew(out));
      ended(await train(config, mannerOf(extras), { claim, given, outside }));
    });
  program.addHelpText(
    "after",
    () =>
      `\nFlags of train, which is what runs without a ` +
      `command:\n${training.helpInformation().replace(/^[^]*?Options:\n/, "")}`,
  );
};

const addResume: Add = (program, outside, ended) => {
  withObservation(
    withManner(
      program
        .command("resume")
        .argument("<folder>", "a run", pathOf("resume"))
        .description("go on with a run, bit for bit"),
    ),
  )
    .addOption(
      new Option("--epochs <n>", "train up to this epoch instead").argParser(
        numberIn("--epochs", allowed.epochs as { low: number }),
      ),
    )
    .addOption(dataOption("where the same IDX files are now"))
    .action(async (folder: string, flags: Flags) => ended(await resume(folder, flags, outside)));
};

const addCheck: Add = (program, outside, ended) => {
  languageOf(
    withManner(
      withFlags(
        program.command("check").description("look for mistakes before training, in seconds"),
        checkedFlags,
      ),
      "only what is wrong",
    ),
  ).action(async (flags: Flags) => {
    const { given, config, extras } = parted(flags);
    refuseIdle({ ...given, threads: extras.threads, turbo: extras.turbo }, config, extras);
    ended(await check(config, mannerOf(extras), outside));
  });
};

/** `evaluate` and `predict`, which ask a saved network. */
const addQuestions: Add = (program, outside, ended) => {
  const asking = (name: string, what: string): Command =>
    program
      .command(name)
      .argument("<run>", "its folder or a checkpoint", pathOf(name))
      .description(what)
      .option("--best", "the best epoch's weights instead of the last")
      .addOption(dataOption("IDX files to evaluate on"))
      .option("--json", "JSON");
  asking("evaluate", "how good a saved network is on the test set").action(
    async (where: string, options: AskOptions) => ended(await evaluate(where, options, outside)),
  );
  asking("predict", "what a saved network takes one test image for")
    .addOption(
      new Option("--index <n>", "which test image")
        .argParser(numberIn("--index", { low: 0, whole: true }))
        .default(0),
    )
    .action(async (where: string, options: AskOptions & { index: number }) =>
      ended(await predict(where, options, outside)),
    );
};

const addSummary: Add = (program, outside) => {
  withFlags(program.command("summary").description("the table of a network's layers"), [
    "model",
    "filters",
    "members",
    "dropout",
    "normalization",
  ]).action((flags: Flags) => {
    const { given, config } = parted(flags);
    refuseIdle(given, config, {});
    outside.write(`${layerTable(config, [28, 28, 1], outside.columns())}\n`);
  });
};

async function main(argv: readonly string[], outside: Outside): Promise<number> {
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
  let code = 0;
  for (const add of [addTrain, addResume, addCheck, addQuestions, addSummary])
    add(program, outside, (ended) => (code = ended));
  try {
    await program.parseAsync(argv as string[], { from: "user" });
    return code;
  } catch (error) {
    // eslint-disable-next-line no-restricted-syntax -- commander throws its own class
    if (!(error instanceof CommanderError)) return reportError(error, outside);
    if (error.exitCode === 0) return 0;
    outside.warn(`${faultOf(error, program, argv)}; see npm start -- --help`);
    return 2;
  }
}

/** What is wrong with a command line: an argument too much may be a command that does not exist. */
function faultOf(error: CommanderError, { commands }: Command, [first]: readonly string[]): string {
  const names = commands.map((command) => command.name());
  return error.code === "commander.excessArguments" &&
    !first!.startsWith("-") &&
    !names.includes(first!)
    ? `unknown command "${first!}": expected ${names.join(", ")}`
    : error.message.replace(/^error: /, "").replace(/\.$/, "");
}

const around = listening();
process.on("uncaughtException", (error) => process.exit(reportError(error, around)));
process.exitCode = await main(process.argv.slice(2), around);
