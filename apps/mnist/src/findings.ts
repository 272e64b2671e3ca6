import { describe, texts, type Finding, type Language } from "@tenon/doctor";
import { flowed, grouped, padded, widthOf } from "@tenon/terminal";
import colors from "picocolors";
import { remedyFlags, remedyOf, type Made } from "./remedies.js";

/** A finding, and the step after which it was made: 0 before the first, absent outside a run. */
export interface Found {
  readonly finding: Finding;
  readonly step?: number;
}

/** The words around findings. */
interface Words {
  readonly here: string;
  readonly before: string;
  step(step: string): string;
  readonly none: string;
  count(count: number, severity: Finding["severity"]): string;
}

export const words: Readonly<Record<Language, Words>> = {
  en: {
    ...{ here: "here", before: "before the first step" },
    step: (step) => `step ${step}`,
    none: "no findings",
    count: (count, severity) => `${count} ${severity}${count === 1 ? "" : "s"}`,
  },
  ko: {
    ...{ here: "여기서는", before: "첫 스텝 전" },
    step: (step) => `스텝 ${step}`,
    none: "발견된 문제 없음",
    count: (count, severity) => `${texts.ko.severities[severity]} ${count}개`,
  },
};

const marks = { error: "✖", warning: "▲", hint: "●" } as const;
const painted = { error: colors.red, warning: colors.yellow, hint: colors.cyan } as const;

/** The sign before a finding of a severity, in its colour. */
export const markOf = (severity: Finding["severity"]): string => painted[severity](marks[severity]);

/** `✖ error: Exploding gradients (step 51)` */
export function titleOf({ finding, step }: Found, language: Language): string {
  const { severity, title } = describe(finding, language);
  const { before, step: stepWords } = words[language];
  const when = step === 0 ? before : stepWords(grouped(step ?? 0));
  const head = painted[finding.severity](`${marks[finding.severity]} ${severity}:`);
  const where = step === undefined ? "" : ` ${colors.dim(`(${when})`)}`;
  return `${head} ${colors.bold(title)}${where}`;
}

/** A finding for people: title, figures and what they mean, what to try first, where to read on. */
export function findingText(
  found: Found,
  made: Made,
  { language, columns }: { readonly language: Language; readonly columns: number },
): string {
  const { meaning, tip } = describe(found.finding, language);
  const { here } = words[language];
  const { tip: first, reference: see } = texts[language].words;
  const width = Math.max(...[first, here, see].map(widthOf));
  const line = (name: string, text: string, paint = (word: string): string => word): string => {
    const parts = [`  ${colors.dim(padded(name, width + 1))}`, ...text.split(" ").map(paint)];
    return flowed(parts, columns, { gap: 1, indent: width + 4 });
  };
  const remedy = remedyOf(found.finding, made);
  const [word = "", ...others] = meaning.split(" ");
  return [
    flowed(titleOf(found, language).split(" "), columns, { gap: 1 }),
    flowed([`  ${word}`, ...others], columns, { gap: 1 }),
    line(first, tip),
    ...(remedy ? [line(here, remedyFlags(remedy), colors.cyan)] : []),
    line(see, found.finding.reference, colors.dim),
  ].join("\n");
}

/** A finding as a JSON event. */
export function findingEvent({ finding, step }: Found, made: Made, language: Language): object {
  const { title, meaning, tip } = describe(finding, language);
  const { id, severity, where, kind, evidence, reference, explainedBy } = finding;
  const remedy = remedyOf(finding, made);
  return {
    type: "finding",
    ...{ step, id, severity, where, kind, evidence, title, meaning, tip },
    ...(remedy && { flags: remedyFlags(remedy) }),
    ...{ reference, explainedBy },
  };
}

/** A finding as sentences: `Exploding gradients: … Clip the gradients … --clip-norm 1` */
export function findingSentence({ finding }: Found, made: Made, language: Language): string {
  const { title, meaning, tip } = describe(finding, language);
  const remedy = remedyOf(finding, made);
  return [`${title}: ${meaning} ${tip}`, ...(remedy ? [remedyFlags(remedy)] : [])].join(" ");
}

/** `1 error, 2 warnings` */
export function tally(findings: readonly Finding[], language: Language): string {
  const parts = (["error", "warning", "hint"] as const).flatMap((severity) => {
    const { length } = findings.filter((finding) => finding.severity === severity);
    return length > 0 ? [painted[severity](words[language].count(length, severity))] : [];
  });
  return parts.length > 0 ? parts.join(", ") : colors.green(words[language].none);
}
