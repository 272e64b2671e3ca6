import type { Layer } from "@tenon/contracts";
import {
  checkSetup,
  describe,
  type Finding,
  type FindingId,
  type Language,
  type SetupReport,
} from "@tenon/doctor";
import { accuracy } from "@tenon/metrics";
import type { Tensor } from "@tenon/tensor";
import { flowed, jsonLine, type Outside, padded, plainly, widthOf } from "@tenon/terminal";
import { diagnose, fit, statistics } from "@tenon/trainer";
import colors from "picocolors";
import { checksOf, type Check } from "./checks.js";
import type { Config } from "./config.js";
import { findingEvent, findingText, markOf, tally } from "./findings.js";
import { digits } from "./mnist.js";
import { modelFor } from "./models.js";
import { optimizerOf, penaltiesOf } from "./optimizer.js";
import type { Made } from "./remedies.js";
import { lossOf } from "./report.js";
import { engineOf } from "./runs.js";
import type { Manner } from "./train.js";

/** The flags of training that a check depends on. */
export const checkedFlags: readonly (keyof Config)[] = [
  ...(["model", "filters", "members", "optimizer", "learningRate", "schedule"] as const),
  ...(["decay", "warmup", "momentum", "beta2", "batchSize", "epochs", "dropout"] as const),
  ...(["init", "normalization"] as const),
  ...(["l1", "l2", "weightDecay", "maxNorm", "labelSmoothing", "clipNorm", "clipValue"] as const),
  ...(["seed", "data", "limit", "validationSplit", "engine"] as const),
];

/** How many steps one batch may take to be learnt by heart. */
const mostSteps = 200;

/** Checks a set-up before training. Gives the exit code: 1 where an error is found. */
export async function check(config: Config, manner: Manner, outside: Outside): Promise<number> {
  const { language, json, quiet } = manner;
  const data = await digits(config);
  for (const note of data.notes) outside.warn(note);
  const { train } = data;
  const { batchSize, epochs, seed, labelSmoothing } = config;
  const shaped = { ...config, classes: data.classes };
  const model: Layer<Tensor> = modelFor(shaped, train.x.shape, data.source);
  const stepsPerEpoch = Math.ceil(train.size / batchSize);
  // Where a rate falls, it falls as slowly as in a run in which one batch can be learnt.
  const slow = Math.max(stepsPerEpoch, Math.ceil((2 * mostSteps) / Math.max(1, epochs)));
  const optimizer = plainly(2, () => optimizerOf(config, slow));
  if (outside.live && !json && !quiet) outside.draw([colors.dim(words[language].progress)]);
  const began = performance.now();
  const report = await checkSetup({
    ...{ statistics, model, train, optimizer, batchSize, seed, metrics: [accuracy] },
    fit: (of, options) => fit(of, { ...options, diagnose }),
    loss: lossOf(config),
    lossName: "crossEntropy",
    penalties: penaltiesOf(config),
    engine: await engineOf(config.engine, manner),
    steps: mostSteps,
    floor: smoothedEntropy(labelSmoothing, data.classes),
  });
  const seconds = (performance.now() - began) / 1000;
  const made: Made = { config: shaped, images: train.size };
  (json ? showJson : showText)(explained(report), { language, made, outside, quiet, seconds });
  return report.findings.some(({ severity }) => severity === "error") ? 1 : 0;
}

/** The entropy of labels smoothed by ε over C classes, in nats: the lowest loss there can be. */
export function smoothedEntropy(smoothing: number, classes: number): number {
  const rest = smoothing / classes;
  const term = (p: number): number => (p > 0 ? -p * Math.log(p) : 0);
  return term(1 - smoothing + rest) + (classes - 1) * term(rest);
}

/**
 * The report with the causes first. That one batch was not learnt has a cause that may be seen only
 * while it is learnt.
 */
function explained(report: SetupReport): SetupReport {
  const causeOf = ({ id, explainedBy }: Finding): FindingId | undefined =>
    explainedBy ?? report.oneBatch?.findings.find((other) => other.id === id)?.explainedBy;
  const findings = report.findings.map((finding) => {
    const cause = causeOf(finding);
    return cause === undefined ? finding : { ...finding, explainedBy: cause };
  });
  const others = findings.filter((finding) => !isCause(finding));
  return { ...report, findings: [...findings.filter(isCause), ...others] };
}

/** What is said around the checks. */
const words = {
  en: {
    progress: "training a few steps, and on one batch until it is learnt by heart",
    title: "checks before training",
    passed: (passed: number, of: number) => `${passed} of ${of} checks passed`,
    time: (seconds: string) => `in ${seconds} s`,
  },
  ko: {
    progress: "몇 스텝을 훈련하고, 배치 하나를 외울 때까지 훈련하는 중",
    title: "훈련 전 점검",
    passed: (passed: number, of: number) => `점검 ${of}개 중 ${passed}개 통과`,
    time: (seconds: string) => `${seconds}초`,
  },
};

const isCause = ({ explainedBy }: Finding): boolean => explainedBy === undefined;

const hasPassed = ({ figures, findings }: Check): boolean =>
  figures !== undefined && findings.length === 0;

interface Shown {
  readonly language: Language;
  readonly made: Made;
  readonly outside: Outside;
  readonly quiet: boolean;
  readonly seconds: number;
}

function showJson(report: SetupReport, { language, made, outside, quiet, seconds }: Shown): void {
  const { findings } = report;
  if (!quiet)
    for (const each of checksOf(report)) {
      const { name, figures } = each;
      const ids = each.findings.map(({ id }) => id);
      outside.write(
        jsonLine({ type: "check", name, passed: hasPassed(each), figures, findings: ids }),
      );
    }
  for (const finding of findings)
    outside.write(jsonLine(findingEvent({ finding }, made, language)));
  if (quiet) return;
  const passed = !findings.some(({ severity }) => severity === "error");
  outside.write(
    jsonLine({ type: "result", passed, findings: findings.filter(isCause).length, seconds }),
  );
}

function showText(report: SetupReport, { language, made, outside, quiet, seconds }: Shown): void {
  const columns = outside.columns();
  const checks = checksOf(report, language);
  const said = words[language];
  const causes = report.findings.filter(isCause);
  const texts = causes.map((finding) => findingText({ finding }, made, { language, columns }));
  if (quiet) {
    for (const text of texts) outside.write(`${text}\n`);
    return;
  }
  const title = colors.bold(`tenon · ${made.config.model}`);
  outside.write(`${title}${colors.dim(` · ${said.title}`)}\n\n`);
  const width = Math.max(...checks.map(({ title }) => widthOf(title)));
  for (const each of checks) outside.write(`${checkLine(each, { language, width, columns })}\n`);
  outside.write("\n");
  for (const text of texts) outside.write(`${text}\n\n`);
  const passed = checks.filter(hasPassed).length;
  const head = said.passed(passed, checks.length);
  const time = colors.dim(said.time(seconds.toFixed(1)));
  const all = passed === checks.length;
  const found = all ? [colors.bold(colors.green(head))] : [colors.bold(head)];
  outside.write(
    `${flowed([...found, ...(causes.length > 0 ? [tally(causes, language)] : []), time], columns)}\n`,
  );
}

/** `✔ inputs  mean 0.131, …`, with the causes of what failed where these are other findings. */
function checkLine(
  { title, figures, text, findings }: Check,
  {
    language,
    width,
    columns,
  }: { readonly language: Language; readonly width: number; readonly columns: number },
): string {
  const worst = (["error", "warning", "hint"] as const).find((severity) =>
    findings.some((finding) => finding.severity === severity),
  );
  const causes = new Set(findings.flatMap((finding) => describe(finding, language).cause ?? []));
  const why = causes.size > 0 ? ` (${[...causes].join("; ")})` : "";
  const mark = worst ? markOf(worst) : figures ? colors.green("✔") : colors.dim("–");
  const parts = [`${mark} ${padded(title, width)} `, ...`${text}${why}`.split(" ")];
  return flowed(parts, columns, { gap: 1, indent: width + 4 });
}
