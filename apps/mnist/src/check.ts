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
import { fit } from "@tenon/trainer";
import colors from "picocolors";
import type { Config } from "./config.js";
import { plainly } from "./fail.js";
import { findingEvent, findingText, markOf, tally } from "./findings.js";
import { flowed, padded, wrapped } from "./layout.js";
import { digits } from "./mnist.js";
import { modelFor } from "./models.js";
import { optimizerOf, penaltiesOf } from "./optimizer.js";
import type { Outside } from "./outside.js";
import { counted, figure, gradientNorm, jsonLine, percent } from "./progress.js";
import type { Made } from "./remedies.js";
import { lossOf } from "./report.js";
import { engineOf } from "./runs.js";
import type { Manner } from "./train.js";

/** The flags of training that a check depends on. */
export const checkedFlags: readonly (keyof Config)[] = [
  ...(["model", "filters", "optimizer", "learningRate", "schedule", "decay", "warmup"] as const),
  ...(["momentum", "beta2", "batchSize", "epochs", "dropout", "init", "normalization"] as const),
  ...(["l1", "l2", "weightDecay", "maxNorm", "labelSmoothing", "clipNorm", "clipValue"] as const),
  ...(["seed", "data", "limit", "validationSplit", "engine"] as const),
];

/** One check: what was measured, and the findings that say that it failed. */
export interface Check {
  readonly name: string;
  readonly figures: string;
  readonly findings: readonly Finding[];
}

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
  const began = performance.now();
  const report = await checkSetup<Tensor>({
    ...{ fit, model, train, optimizer, batchSize, seed, metrics: [accuracy] },
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
    explainedBy ?? report.oneBatch.findings.find((other) => other.id === id)?.explainedBy;
  const findings = report.findings.map((finding) => {
    const cause = causeOf(finding);
    return cause === undefined ? finding : { ...finding, explainedBy: cause };
  });
  const isCause = ({ explainedBy }: Finding): boolean => explainedBy === undefined;
  const others = findings.filter((finding) => !isCause(finding));
  return { ...report, findings: [...findings.filter(isCause), ...others] };
}

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
    for (const { name, figures, findings: why } of checksOf(report)) {
      const passed = why.length === 0;
      outside.write(
        jsonLine({ type: "check", name, passed, figures, findings: why.map(({ id }) => id) }),
      );
    }
  for (const finding of findings)
    outside.write(jsonLine(findingEvent({ finding }, made, language)));
  if (quiet) return;
  const passed = !findings.some(({ severity }) => severity === "error");
  outside.write(jsonLine({ type: "result", passed, findings: findings.length, seconds }));
}

function showText(report: SetupReport, { language, made, outside, quiet, seconds }: Shown): void {
  const columns = outside.columns();
  const checks = checksOf(report);
  const causes = report.findings.filter(({ explainedBy }) => explainedBy === undefined);
  const texts = causes.map((finding) => findingText({ finding }, made, { language, columns }));
  if (quiet) {
    for (const text of texts) outside.write(`${text}\n`);
    return;
  }
  const title = colors.bold(`tenon · ${made.config.model}`);
  outside.write(`${title}${colors.dim(" · checks before training")}\n\n`);
  const width = Math.max(...checks.map(({ name }) => name.length));
  for (const each of checks) outside.write(`${checkLine(each, { language, width, columns })}\n`);
  outside.write("\n");
  for (const text of texts) outside.write(`${text}\n\n`);
  const passed = checks.filter(({ findings }) => findings.length === 0).length;
  const head = `${passed} of ${checks.length} checks passed`;
  const time = colors.dim(`in ${seconds.toFixed(1)} s`);
  const all = passed === checks.length;
  const found = all ? [colors.bold(colors.green(head))] : [colors.bold(head)];
  outside.write(`${flowed([...found, tally(causes, language), time], columns)}\n`);
}

/** `✔ inputs  mean 0.131, …`, with the causes of what failed where these are other findings. */
function checkLine(
  { name, figures, findings }: Check,
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
  const mark = worst ? markOf(worst) : colors.green("✔");
  return wrapped(`${mark} ${padded(name, width)}  ${figures}${why}`, columns, width + 4);
}

/** Layers that change the shape of values only, or leave some of them out. */
const shaping = ["flatten", "reshape", "dropout", "maxPool2d"];

/** Which findings belong to which check; what belongs to none is in the last one. */
const groups: readonly {
  readonly name: string;
  readonly ids: readonly FindingId[];
  readonly figures: (report: SetupReport) => string;
}[] = [
  {
    name: "inputs",
    ids: ["constantInputs", "unscaledInputs"],
    figures: ({ record: { data } }) =>
      data
        ? `mean ${figure(data.input.mean)}, standard deviation ${figure(data.input.std)}, ` +
          `from ${figure(data.input.min)} to ${figure(data.input.max)}`
        : "not measured",
  },
  {
    name: "labels",
    ids: ["labelsOutOfRange", "missingClass"],
    figures: ({ record: { data, setup } }) => {
      const counts = data?.classCounts ?? [];
      const present = counts.filter((count) => count > 0).length;
      return (
        `${present} of ${setup.classes ?? counts.length} classes in ` +
        `${counted(data?.examples ?? 0, "image")}, each ${Math.min(...counts)} to ` +
        `${counted(Math.max(...counts), "time")}`
      );
    },
  },
  {
    name: "loss and last layer",
    ids: ["lossDoesNotFit"],
    figures: ({ record: { setup } }) => {
      const last = setup.layers?.at(-1);
      return `cross entropy of ${setup.classes ?? "?"} logits, from ${last?.path ?? "the model"}`;
    },
  },
  {
    name: "loss at the start",
    ids: ["initialValuesTooLarge", "initialValuesTooSmall"],
    figures: ({ record: { losses, setup } }) =>
      `${figure(losses.first[0] ?? NaN)}; ${figure(Math.log(setup.classes ?? 1))} where nothing ` +
      `is known yet (ln ${setup.classes ?? 1})`,
  },
  {
    name: "layers",
    ids: ["saturatedUnits", "deadUnits", "noNonlinearity", "batchNormOfOne", "dropoutTooStrong"],
    figures: ({ record: { observed, setup } }) => {
      const units = (setup.layers ?? []).filter(({ type }) => !shaping.includes(type));
      const layers = units.flatMap(({ path }) => observed[0]?.layers[path] ?? []);
      const spread = layers.map(({ std }) => std);
      const dead = Math.max(0, ...layers.map((layer) => layer.dead));
      return (
        `standard deviations from ${figure(Math.min(...spread))} to ` +
        `${figure(Math.max(...spread))}, at most ${percent(dead, 0)} of units dead`
      );
    },
  },
  {
    name: "gradients",
    ids: ["noGradient", "vanishingGradients", "explodingGradients", "nonFinite"],
    figures: ({ record: { observed } }) => {
      const [first] = observed;
      const paths = Object.keys(first?.params ?? {});
      const reached = paths.filter((path) =>
        observed.some(({ params }) => params[path]!.gradientNorm > 0),
      );
      return (
        `reach ${reached.length} of ${counted(paths.length, "parameter")}, norm ` +
        `${figure(first ? gradientNorm(first) : NaN)}`
      );
    },
  },
  {
    name: "updates",
    ids: ["learningRateTooHigh", "learningRateTooLow", "decayOfBiases"],
    figures: ({ record: { observed, setup } }) => {
      const kernels = (setup.layers ?? []).flatMap(({ path, params = {} }) =>
        Object.keys(params)
          .filter((name) => params[name]!.length > 1)
          .map((name) => `${path}/${name}`),
      );
      const ratios = kernels.flatMap((path) => observed.at(-1)?.params[path]?.updateRatio ?? []);
      return (
        `change ${figure(Math.min(...ratios))} to ${figure(Math.max(...ratios))} of a ` +
        "kernel's norm; about 0.001 is usual"
      );
    },
  },
  {
    name: "one batch by heart",
    ids: ["batchNotLearnt"],
    figures: ({ oneBatch: { first, last, steps } }) =>
      `loss ${figure(first)} → ${figure(last)} in ${counted(steps, "step")}`,
  },
];

/** All checks, with their figures and what is wrong. */
export function checksOf(report: SetupReport): Check[] {
  const grouped = groups.flatMap(({ ids }) => ids);
  const others = report.findings.filter(
    ({ id, explainedBy }) => !grouped.includes(id) && explainedBy === undefined,
  );
  const checks = groups.map(({ name, ids, figures }) => ({
    name,
    figures: figures(report),
    findings: report.findings.filter(({ id }) => ids.includes(id)),
  }));
  if (others.length === 0) return checks;
  return [...checks, { name: "learning", figures: "in the first steps", findings: others }];
}
