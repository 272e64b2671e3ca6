import { execFileSync } from "node:child_process";
import { cpus, platform, release } from "node:os";
import { join } from "node:path";
import { digitsOf, type Digits } from "@tenon/experiments";
import {
  experimentResults,
  type ExperimentResults,
  type Provenance,
} from "@tenon/experiments/results";
import {
  fail,
  fitted,
  flowed,
  isSystemError,
  labCall,
  packagedMnist,
  shown,
  type Outside,
  wrapped,
} from "@tenon/terminal";
import { wasm } from "@tenon/wasm";
import colors from "picocolors";
import { conclusion } from "./conclusion.js";
import { checkedIn } from "./docs.js";
import { expectedSeconds } from "./expected.js";
import { conduct, type Conducted } from "./conduct.js";
import type { Flags } from "./options.js";
import { commandOf, folderName, type Plan } from "./plan.js";
import { progressOf, sizeParts, tableOf, type Position } from "./progress.js";
import { root } from "./root.js";
import { counted, filled, type Texts } from "./texts.js";
import { resultsIn, writeReport, writeResults } from "./report/write.js";

/** Texts are no wider than this, where they are read. */
const widestText = 100;

interface Laboratory {
  readonly digits: Digits;
  readonly engine: Awaited<ReturnType<typeof wasm>>;
  readonly flags: Flags;
  readonly texts: Texts;
  readonly outside: Outside;
  /** The arguments of the command, as they were given. */
  readonly argv: readonly string[];
}

/** Runs experiments in order, and shows and writes what they say. Gives the exit code. */
export async function runPlans(
  plans: readonly Plan[],
  { flags, texts, outside, argv }: Pick<Laboratory, "flags" | "texts" | "outside" | "argv">,
): Promise<number> {
  const { train, test } = await packagedMnist("run npm run lab, which installs it");
  const digits = digitsOf({ images: train.x, labels: train.y }, { images: test.x, labels: test.y });
  const { threads, report } = flags;
  const engine = await wasm(threads === undefined ? {} : { threads });
  const lab: Laboratory = { digits, engine, flags, texts, outside, argv };
  const expected = plans.length > 1 ? expectedSeconds(plans, await resultsIn(checkedIn())) : [];
  for (const [i, plan] of plans.entries()) {
    const later = expected.slice(i + 1).reduce((sum, seconds) => sum + seconds, 0);
    const position = { n: i + 1, of: plans.length, expected: expected[i]!, later };
    const isDone = await outside.hold(() =>
      runPlan(plan, lab, plans.length > 1 ? position : undefined),
    );
    if (!isDone) return stopped(lab);
  }
  if (report !== undefined) {
    const path = await writeReport(report, texts.language);
    outside.write(`\n${filled(texts.lab.written, { path })}\n`);
  }
  return 0;
}

/** Says how to go on. Gives the exit code. */
function stopped({ flags, texts, outside, argv }: Laboratory): number {
  const { stopped, stoppedUnkept } = texts.lab;
  const text = flags.report === undefined ? stoppedUnkept : stopped;
  outside.write(`${fitted(filled(text, { call: labCall(...argv) }), outside.columns())}\n`);
  return outside.code();
}

/** Runs one experiment. Gives whether it was finished. */
async function runPlan(
  plan: Plan,
  laboratory: Laboratory,
  position: Position | undefined,
): Promise<boolean> {
  const { digits, engine, flags, texts, outside } = laboratory;
  const columns = Math.min(outside.columns(), widestText);
  outside.write(`${head(plan, laboratory, columns, position)}\n\n`);
  const progress = progressOf(plan, texts, outside, position);
  const { report } = flags;
  const path = report === undefined ? undefined : join(report, "studies");
  const done = await conduct(plan, {
    ...{ digits, engine, signal: outside.ending, see: progress.see },
    folder: path,
  }).catch(failPlainly(path && join(path, folderName(plan))));
  const table = tableOf(plan, texts, outside.columns(), done.runs).join("\n");
  if (!done.isDone) {
    if (done.runs.length > 0) outside.write(`${table}\n\n`);
    return false;
  }
  const results = resultsFrom(plan, done, laboratory);
  if (report !== undefined) await writeResults(report, results);
  const said = conclusion(plan, results, done.notes, { texts, columns });
  outside.write(`${table}\n\n${said}\n`);
  return true;
}

function head(
  plan: Plan,
  { engine, texts }: Laboratory,
  columns: number,
  position: Position | undefined,
): string {
  const { title, question } = texts.tips[plan.of.id]!;
  const sizes = [...sizeParts(plan, texts), counted(texts.lab.threads, engine.threads)];
  const last = sizes.length - 1;
  const size = sizes.map((part, i) => (i === last ? part : `${part} ·`));
  const before = position && position.n > 1 ? "\n" : "";
  return [
    `${before}${colors.bold(colors.cyan(title))}`,
    wrapped(question, columns),
    colors.dim(flowed(size, columns, { gap: 1 })),
  ].join("\n");
}

function resultsFrom(
  plan: Plan,
  { runs, notes, seconds }: Conducted,
  lab: Laboratory,
): ExperimentResults {
  const { sizeName, size, values } = plan;
  const provenance: Provenance = {
    command: commandOf(plan),
    date: new Date().toISOString(),
    seconds: Math.round(10 * seconds) / 10,
    node: process.versions.node,
    machine: `${cpus()[0]?.model.trim() || process.arch}, ${platform()} ${release()}`,
    threads: lab.engine.threads,
    version: version(),
  };
  return experimentResults(plan.of, {
    ...{ sizeName, size, values, runs, provenance },
    weights: (run) => notes.of(run)?.weights ?? "",
  });
}

/** The commit that the sources are of. */
function version(): string {
  try {
    return execFileSync("git", ["rev-parse", "--short=12", "HEAD"], {
      ...{ cwd: root(), encoding: "utf8" },
      stdio: ["ignore", "pipe", "ignore"],
    }).trim();
  } catch {
    return "unknown";
  }
}

/**
 * Errors of stored runs and of the disk in a sentence; others are thrown again.
 *
 * @param path where the runs of the plan are stored
 */
const failPlainly =
  (path: string | undefined) =>
  (error: Error): never => {
    const cause = error.cause ?? error;
    if (isSystemError(cause)) throw cause;
    const [, message] = /^(?:study|studyFolder): ([^]*)$/.exec(error.message) ?? [];
    if (message === undefined) throw error;
    const remedy =
      path === undefined ? "" : `delete ${shown(path)}, and all its runs are done again`;
    return fail(
      message.replace(/(give the arm another name|give the measure another name)[^]*/, remedy),
    );
  };
