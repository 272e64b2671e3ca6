import {
  claimText,
  languages,
  nameOfArm,
  valuesText,
  wordsOf,
  type AllWords,
  type Language,
} from "@tenon/experiments/words";
import en from "./words/en.json" with { type: "json" };
import ko from "./words/ko.json" with { type: "json" };

export type LabWords = typeof en;

const lab: Readonly<Record<Language, LabWords>> = { en, ko };

/** All texts of a language: the lab's own, and those of the experiments. */
export interface Texts extends AllWords {
  readonly language: Language;
  readonly lab: LabWords;
}

export const textsIn = async (language: Language): Promise<Texts> => ({
  ...{ language, lab: lab[language] },
  ...(await wordsOf(language)),
});

export { claimText, languages, valuesText, type Language };

/** A text with values in place of names in braces: `run {run} of {runs}`. */
export const filled = (
  text: string,
  values: Readonly<Record<string, string | number | undefined>>,
): string => text.replace(/\{(\w+)\}/g, (_, name: string) => String(values[name] ?? ""));

/** A text in the form for a number. */
export const counted = (
  { one, other }: { readonly one: string; readonly other: string },
  n: number,
): string => filled(n === 1 ? one : other, { n: n.toLocaleString("en") });

/** The name of an arm of an experiment, for readers. */
export const armName = ({ tips }: Texts, id: string, arm: string): string =>
  tips[id] ? nameOfArm(tips[id], arm) : arm;
