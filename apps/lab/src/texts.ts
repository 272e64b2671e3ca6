import type { Claim, Experiment, Judgement } from "@tenon/experiments";
import { readingOf } from "@tenon/experiments";
import { judgementText } from "@tenon/experiments/judgementText";
import {
  claimText,
  filled,
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

export { claimText, filled, languages, valuesText, type Language };

/** A text in the form for a number. */
export const counted = (
  { one, other }: { readonly one: string; readonly other: string },
  n: number,
): string => filled(n === 1 ? one : other, { n: n.toLocaleString("en") });

/** The name of an arm of an experiment, for readers. */
export const armName = ({ tips }: Texts, id: string, arm: string): string =>
  tips[id] ? nameOfArm(tips[id], arm) : arm;

/** What was measured for a claim of an experiment. */
export const measuredText = (
  { common, tips }: Texts,
  of: Pick<Experiment, "id" | "measures" | "groups">,
  claim: Claim,
  judgement: Judgement,
): string => judgementText(common, tips[of.id]!, readingOf(of, claim.measure)!, claim, judgement);
