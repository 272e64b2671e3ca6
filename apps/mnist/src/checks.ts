import type { Finding, FindingId, LayerSetup, SetupReport } from "@tenon/doctor";
import { counted, figure, gradientNorm, percent } from "./progress.js";

/** One check before training: what was measured, and the findings that say that it failed. */
export interface Check {
  readonly name: string;
  /** Absent where nothing was measured, since training was refused because of another check. */
  readonly figures: Figures | undefined;
  /** The figures in words. */
  readonly text: string;
  readonly findings: readonly Finding[];
}

type Figures = Readonly<Record<string, number>>;

/** A kind of check; its findings are those of these ids. */
interface Kind<F extends string = string> {
  readonly name: string;
  readonly ids: readonly FindingId[];
  readonly measured: (report: SetupReport) => Readonly<Record<F, number>> | undefined;
  readonly said: (figures: Readonly<Record<F, number>>) => string;
}

const kind = <F extends string>(of: Kind<F>): Kind => of as unknown as Kind;

/** Layers that change the shape of values only, or leave some of them out. */
const shaping = ["flatten", "reshape", "dropout", "maxPool2d"];

const kinds: readonly Kind[] = [
  kind({
    name: "inputs",
    ids: ["constantInputs", "unscaledInputs"],
    measured: ({ record: { data } }) => data && { ...data.input },
    said: ({ mean, std, min, max }) =>
      `mean ${figure(mean)}, standard deviation ${figure(std)}, from ${figure(min)} to ` +
      figure(max),
  }),
  kind({
    name: "labels",
    ids: ["labelsOutOfRange", "missingClass"],
    measured: ({ record: { data, setup } }) => {
      if (!data?.classCounts) return undefined;
      const counts = data.classCounts;
      const images = counts.reduce((sum, count) => sum + count, 0);
      const [least, most] = [Math.min(...counts), Math.max(...counts)];
      const present = counts.filter((count) => count > 0).length;
      return { present, classes: setup.classes ?? counts.length, images, least, most };
    },
    said: ({ present, classes, images, least, most }) =>
      `${present} of ${classes} classes in ${counted(images, "image")}, each ${least} to ` +
      counted(most, "time"),
  }),
  kind({
    name: "loss and last layer",
    ids: ["lossDoesNotFit"],
    measured: ({ record: { setup } }) => ({ classes: setup.classes ?? NaN }),
    said: ({ classes }) => `cross entropy of ${classes} logits`,
  }),
  kind({
    name: "loss at the start",
    ids: ["initialValuesTooLarge", "initialValuesTooSmall"],
    measured({ record: { losses, setup } }) {
      const [loss] = losses.first;
      return loss === undefined ? undefined : { loss, expected: Math.log(setup.classes ?? NaN) };
    },
    said: ({ loss, expected }) =>
      `${figure(loss)}; ${figure(expected)} where all digits are equally likely`,
  }),
  kind({
    name: "layers",
    ids: ["saturatedUnits", "deadUnits", "noNonlinearity", "batchNormOfOne", "dropoutTooStrong"],
    measured({ record: { observed, setup } }) {
      const paths = setup.layers?.filter(({ type }) => !shaping.includes(type)) ?? [];
      const layers = paths.flatMap(({ path }) => observed[0]?.layers[path] ?? []);
      if (layers.length === 0) return undefined;
      const spread = layers.map(({ std }) => std);
      const dead = Math.max(...layers.map((layer) => layer.dead));
      return { smallestStd: Math.min(...spread), largestStd: Math.max(...spread), dead };
    },
    said: ({ smallestStd, largestStd, dead }) =>
      `standard deviations from ${figure(smallestStd)} to ${figure(largestStd)}, at most ` +
      `${percent(dead, 0)} of units dead`,
  }),
  kind({
    name: "gradients",
    ids: ["noGradient", "vanishingGradients", "explodingGradients", "nonFinite"],
    measured({ record: { observed } }) {
      const [first] = observed;
      if (!first) return undefined;
      const paths = Object.keys(first.params);
      const reached = paths.filter((path) =>
        observed.some(({ params }) => params[path]!.gradientNorm > 0),
      ).length;
      return { reached, parameters: paths.length, norm: gradientNorm(first) };
    },
    said: ({ reached, parameters, norm }) =>
      `reach ${reached} of ${counted(parameters, "parameter")}, norm ${figure(norm)}`,
  }),
  kind({
    name: "updates",
    ids: ["learningRateTooHigh", "learningRateTooLow", "decayOfBiases"],
    measured({ record: { observed, setup } }) {
      const last = observed.at(-1);
      const ratios = (setup.layers ?? [])
        .flatMap(kernelsOf)
        .flatMap((path) => last?.params[path]?.updateRatio ?? []);
      if (ratios.length === 0) return undefined;
      return { smallestRatio: Math.min(...ratios), largestRatio: Math.max(...ratios) };
    },
    said: ({ smallestRatio, largestRatio }) =>
      `change ${figure(smallestRatio)} to ${figure(largestRatio)} of a kernel's norm; about ` +
      "0.001 is usual",
  }),
  kind({
    name: "one batch by heart",
    ids: ["batchNotLearnt"],
    measured({ oneBatch }) {
      if (!oneBatch) return undefined;
      const { first, last, steps, falling, record } = oneBatch;
      return {
        first,
        last,
        steps,
        falling: +falling,
        accuracy: record.epochs.at(-1)?.train["accuracy"] ?? NaN,
      };
    },
    said: ({ first, last, steps, falling, accuracy }) =>
      `loss ${figure(first)} → ${figure(last)} in ${counted(steps, "step")}` +
      (Number.isNaN(accuracy) ? "" : `, ${percent(accuracy, 0)} right`) +
      (falling ? ", still falling" : ""),
  }),
];

/** The paths of a layer's parameters of two axes or more. */
const kernelsOf = ({ path, params = {} }: LayerSetup): string[] =>
  Object.keys(params)
    .filter((name) => params[name]!.length > 1)
    .map((name) => `${path}/${name}`);

/** All checks of a report, with their figures and what is wrong. */
export function checksOf(report: SetupReport): Check[] {
  const checks = kinds.map(({ name, ids, measured, said }) => {
    const figures = measured(report);
    const text = figures ? said(figures) : "not measured, as the network was not trained";
    return { name, figures, text, findings: report.findings.filter(({ id }) => ids.includes(id)) };
  });
  const known = kinds.flatMap(({ ids }) => ids);
  const others = report.findings.filter(
    ({ id, explainedBy }) => !known.includes(id) && explainedBy === undefined,
  );
  if (others.length === 0) return checks;
  return [...checks, { name: "learning", figures: {}, text: "in these steps", findings: others }];
}
