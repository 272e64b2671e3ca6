import { experiments, type Experiment } from "@tenon/experiments";
import { fail, languageIn, numberIn, oneOf, pathOf } from "@tenon/terminal";
import { Command, Option } from "commander";
import type { PlanOptions } from "./plan.js";
import { languages, type Language } from "./texts.js";

/** The flags of the lab, as commander gives them. */
export interface Flags extends PlanOptions {
  readonly all?: boolean;
  readonly report?: string;
  readonly threads?: number;
  readonly language?: Language;
  readonly writeDocs?: boolean;
}

/** The lab's command line. */
export function commandOfLab(): Command {
  return new Command("npm run lab --")
    .description("Run the tutorial's tips as experiments; without a name, list them.")
    .argument("[experiments...]", "their names or numbers")
    .option("--quick", "less training and one seed: less than a minute each")
    .addOption(
      new Option("--seeds <n>", "how many seeds each arm is trained with").argParser(
        numberIn("--seeds", { low: 1, high: 1000, whole: true }),
      ),
    )
    .addOption(
      new Option("--seed <n>", "train each arm with this seed only, as the page does").argParser(
        numberIn("--seed", { low: 0, high: 2 ** 31 - 1, whole: true }),
      ),
    )
    .addOption(
      new Option(
        "--set <control=value>",
        "a value of a control; may be given several times",
      ).argParser((text: string, before: readonly string[] = []) => [...before, text]),
    )
    .option("--all", "run all experiments, in order")
    .addOption(
      new Option(
        "--report <folder>",
        "write a report, results as JSON and pictures as SVG to a folder; finished runs are kept " +
          "there, and the same command goes on with the others",
      ).argParser(pathOf("--report")),
    )
    .addOption(
      new Option(
        "--threads <n>",
        "threads to use; the results do not depend on it (default: all)",
      ).argParser(numberIn("--threads", { low: 1, high: 256, whole: true })),
    )
    .addOption(
      new Option(
        "--language <name>",
        `${languages.join(", ")} (default: that of LC_ALL, LC_MESSAGES or LANG)`,
      ).argParser(oneOf("--language", languages)),
    )
    .option(
      "--write-docs",
      "write docs/lab.md from the results of internal/experiments; with --report, of a report",
    );
}

export const languageOf = ({ language }: Flags): Language =>
  language ?? languageIn(process.env, languages);

/** The experiments that are named or numbered. Fails in a sentence where there is none. */
export function chosen(names: readonly string[], { all = false }: Flags): readonly Experiment[] {
  if (!all) return [...new Set(names.map(named))];
  if (names.length > 0) fail(`--all runs each experiment: leave out ${names.join(" ")}`, 2);
  return experiments;
}

function named(name: string): Experiment {
  const found = experiments.find(({ id }, i) => id === name || String(i + 1) === name);
  if (found) return found;
  const ids = experiments.map(({ id }) => id).join(", ");
  return fail(
    `expected an experiment, ${ids}, or a number from 1 to ${experiments.length}, got "${name}"`,
    2,
  );
}

/** Refuses flags that would do nothing. */
export function refuseIdle(names: readonly string[], flags: Flags): void {
  const { all = false, writeDocs = false, set, report } = flags;
  const runs = all || names.length > 0;
  if (writeDocs && runs) fail("--write-docs runs nothing: leave out the experiments", 2);
  if (!runs)
    for (const [flag, value] of Object.entries({
      ...{ "--quick": flags.quick, "--seeds": flags.seeds, "--seed": flags.seed, "--set": set },
      ...{ "--threads": flags.threads, "--report": writeDocs ? undefined : report },
    }))
      if (value !== undefined)
        fail(`${flag} does nothing here: it is for experiments that are run; name one`, 2);
  if (flags.seed !== undefined && flags.seeds !== undefined)
    fail("--seed is one seed and --seeds are several: give one of them", 2);
  if (set && (all || new Set(names.map(named)).size > 1))
    fail("--set is for one experiment: its controls are its own; run it alone", 2);
}
