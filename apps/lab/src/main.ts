import { outside as listening, reportError, type Outside } from "@tenon/terminal";
import { CommanderError } from "commander";
import { writeDocs } from "./docs.js";
import { listText } from "./list.js";
import { chosen, commandOfLab, languageOf, refuseIdle, type Flags } from "./options.js";
import { planOf } from "./plan.js";
import { runPlans } from "./runPlans.js";
import { textsIn } from "./texts.js";

/** What is said when the command is to end; in English until the language is known. */
let ending: string | undefined;

async function act(
  names: readonly string[],
  flags: Flags,
  { outside, argv }: { readonly outside: Outside; readonly argv: readonly string[] },
): Promise<number> {
  refuseIdle(names, flags);
  const texts = await textsIn(languageOf(flags));
  ({ ending } = texts.lab);
  if (flags.writeDocs) return writeDocs(flags.report, texts, outside);
  const plans = chosen(names, flags).map((of) => planOf(of, flags));
  if (plans.length > 0) return runPlans(plans, { flags, texts, outside, argv });
  outside.write(`${listText(texts, Math.min(outside.columns(), 120))}\n`);
  return 0;
}

async function main(argv: readonly string[], outside: Outside): Promise<number> {
  let code = 0;
  const program = commandOfLab()
    .showHelpAfterError(false)
    .exitOverride()
    .configureOutput({
      outputError: () => {},
      writeOut: outside.write,
      getOutHelpWidth: () => Math.min(outside.columns(), 100),
    })
    .action(async (names: string[], flags: Flags) => {
      code = await act(names, flags, { outside, argv });
    });
  try {
    await program.parseAsync(argv as string[], { from: "user" });
    return code;
  } catch (error) {
    // eslint-disable-next-line no-restricted-syntax -- commander throws its own class
    if (!(error instanceof CommanderError)) return reportError(error, outside);
    if (error.exitCode === 0) return 0;
    const message = error.message.replace(/^error: /, "").replace(/\.$/, "");
    outside.warn(`${message}; see npm run lab -- --help`);
    return 2;
  }
}

const around = listening({ ending: () => ending });
process.on("uncaughtException", (error) => process.exit(reportError(error, around)));
process.exitCode = await main(process.argv.slice(2), around);
