import { kernelsIn } from "@tenon/doctor";
import type { Finding, FindingId, Language, SetupReport } from "@tenon/doctor";
import { counted, figure, grouped, percent } from "@tenon/terminal";
import { gradientNorm } from "./progress.js";

/** One check before training: what was measured, and the findings that say that it failed. */
export interface Check {
  /** In English, as JSON has it. */
  readonly name: string;
  /** The name in the language. */
  readonly title: string;
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
  readonly korean: {
    readonly name: string;
    readonly said: (figures: Readonly<Record<F, number>>) => string;
  };
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
    korean: {
      name: "입력",
      said: ({ mean, std, min, max }) =>
        `평균 ${figure(mean)}, 표준 편차 ${figure(std)}, 범위 ${figure(min)} ~ ${figure(max)}`,
    },
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
    korean: {
      name: "레이블",
      said: ({ present, classes, images, least, most }) =>
        `이미지 ${grouped(images)}장에 클래스 ${classes}개 중 ${present}개, 클래스마다 ` +
        `${grouped(least)} ~ ${grouped(most)}번`,
    },
  }),
  kind({
    name: "loss and last layer",
    ids: ["lossDoesNotFit"],
    measured: ({ record: { setup } }) => ({ classes: setup.classes ?? NaN }),
    said: ({ classes }) => `cross entropy of ${classes} logits`,
    korean: {
      name: "손실 함수와 마지막 층",
      said: ({ classes }) => `로짓 ${classes}개의 교차 엔트로피`,
    },
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
    korean: {
      name: "첫 손실",
      said: ({ loss, expected }) =>
        `${figure(loss)}, 모든 숫자의 확률이 같으면 ${figure(expected)}`,
    },
  }),
  kind({
    name: "layers",
    ids: [
      "equalUnits",
      "saturatedUnits",
      "deadUnits",
      "noNonlinearity",
      "batchNormOfOne",
      "dropoutTooStrong",
    ],
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
    korean: {
      name: "층",
      said: ({ smallestStd, largestStd, dead }) =>
        `표준 편차 ${figure(smallestStd)} ~ ${figure(largestStd)}, 죽은 유닛은 많아야 ` +
        percent(dead, 0),
    },
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
    korean: {
      name: "기울기",
      said: ({ reached, parameters, norm }) =>
        `매개변수 ${parameters}개 중 ${reached}개에 전달됨, 노름 ${figure(norm)}`,
    },
  }),
  kind({
    name: "updates",
    ids: ["learningRateTooHigh", "learningRateTooLow", "decayOfBiases"],
    measured({ record }) {
      const last = record.observed.at(-1);
      const ratios = last ? kernelsIn(record, last).map(({ ratio }) => ratio) : [];
      if (ratios.length === 0) return undefined;
      return { smallestRatio: Math.min(...ratios), largestRatio: Math.max(...ratios) };
    },
    said: ({ smallestRatio, largestRatio }) =>
      `change ${figure(smallestRatio)} to ${figure(largestRatio)} of a kernel's norm; about ` +
      "0.001 is usual",
    korean: {
      name: "업데이트",
      said: ({ smallestRatio, largestRatio }) =>
        `커널 노름의 ${figure(smallestRatio)} ~ ${figure(largestRatio)}배만큼 바꿈, 보통은 ` +
        "0.001배 정도",
    },
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
    korean: {
      name: "배치 하나 외우기",
      said: ({ first, last, steps, falling, accuracy }) =>
        `${grouped(steps)}스텝 동안 손실 ${figure(first)} → ${figure(last)}` +
        (Number.isNaN(accuracy) ? "" : `, 정답 ${percent(accuracy, 0)}`) +
        (falling ? ", 아직 줄어드는 중" : ""),
    },
  }),
];

const words = {
  en: { none: "not measured, as the network was not trained", others: "in these steps" },
  ko: { none: "훈련하지 않아 재지 못함", others: "여기까지의 스텝에서" },
};

/** All checks of a report, with their figures and what is wrong. */
export function checksOf(report: SetupReport, language: Language = "en"): Check[] {
  const { none, others: text } = words[language];
  const checks = kinds.map(({ name, ids, measured, said, korean }) => {
    const localized = language === "ko" ? korean : { name, said };
    const figures = measured(report);
    const text = figures ? localized.said(figures) : none;
    return {
      name,
      title: localized.name,
      figures,
      text,
      findings: report.findings.filter(({ id }) => ids.includes(id)),
    };
  });
  const known = kinds.flatMap(({ ids }) => ids);
  const others = report.findings.filter(
    ({ id, explainedBy }) => !known.includes(id) && explainedBy === undefined,
  );
  if (others.length === 0) return checks;
  const title = language === "ko" ? "학습" : "learning";
  return [...checks, { name: "learning", title, figures: {}, text, findings: others }];
}
