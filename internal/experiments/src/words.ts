import type { en } from "./words/en/index.js";

/** The languages, in the order in which they are offered. */
export const languages = ["en", "ko"] as const;
export type Language = (typeof languages)[number];

/** The words of an experiment. Names of arms may be missing: the name then stands for itself. */
export interface Words {
  /** The tip in a few words. */
  readonly title: string;
  readonly question: string;
  /** The tip, in one sentence. */
  readonly tip: string;
  /** Where the tutorial and its sources say it. */
  readonly where: string;
  /** What one sees, for those who do not see it, too: a few sentences. */
  readonly seen: string;
  readonly claims: Readonly<Record<string, string>>;
  readonly arms: Readonly<Record<string, string>>;
  /** By their ids; of a choice, such as `rule.same`, if it does not stand for itself. */
  readonly controls: Readonly<Record<string, string>>;
  readonly pictures: Readonly<Record<string, string>>;
  /** The names of measures. */
  readonly measures: Readonly<Record<string, string>>;
}

/** Words that several experiments share. */
export type CommonWords = (typeof en)["common"];

export interface AllWords {
  readonly common: CommonWords;
  readonly tips: Readonly<Record<string, Words>>;
}

/** The words of a language. */
export async function wordsOf(language: Language): Promise<AllWords> {
  return language === "ko"
    ? (await import("./words/ko/index.js")).ko
    : (await import("./words/en/index.js")).en;
}
