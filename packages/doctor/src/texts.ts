import type { Phrase } from "./internal/filled.js";
import type { FindingId, Severity } from "./finding.js";
import { en } from "./texts/en.js";
import { ko } from "./texts/ko.js";

/** What is said of a finding. */
export interface FindingText {
  /** Its name, as one would look it up. */
  readonly title: Phrase;
  /** What was measured, and what it means. */
  readonly meaning: Phrase;
  /** The one thing to try first. */
  readonly tip: Phrase;
}

/** All texts of a language: one that is missing is a type error. */
export interface Texts {
  readonly severities: Readonly<Record<Severity, string>>;
  /** The words before a tip, a reference, and a cause. */
  readonly words: Readonly<Record<"tip" | "reference" | "cause", string>>;
  /** What `fit` calls the first that was not finite, before a path; the longer ones first. */
  readonly places: Readonly<Record<string, string>>;
  readonly findings: Readonly<Record<FindingId, FindingText>>;
}

/** English and Korean. */
export type Language = "en" | "ko";

/** The texts by language. */
export const texts: Readonly<Record<Language, Texts>> = { en, ko };
