import { join } from "node:path";
import { summary } from "@tenon/layers";
import {
  counted,
  fail,
  narrowed,
  numberIn,
  type Outside,
  outside as listening,
  pathOf,
  reportError,
  shown,
} from "@tenon/terminal";
import { Command, CommanderError, Option } from "commander";
import { evaluate, predict, type AskOptions } from "./ask.js";
import { check, checkedFlags } from "./check.js";
import { allowed, type Config } from "./config.js";
import { explain } from "./explain.js";
import { refuseIdle } from "./flags.js";
import { claimed, claimedNew, free, newRun } from "./folders.js";
import { modelOf } from "./models.js";
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
import { configAt, finite, plainWeights, runAt } from "./runs.js";
import { train } from "./train.js";

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
      isResumed: true,
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
    .action(async (folder: string, flags: Flags) => {
      code = await resume(folder, flags, outside);
    });
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
    code = await check(config, mannerOf(extras), outside);
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

const around = listening();
process.on("uncaughtException", (error) => process.exit(reportError(error, around)));
process.exitCode = await main(process.argv.slice(2), around);
