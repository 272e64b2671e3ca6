import type { AllWords, Language } from "@tenon/experiments/words";
import type en from "./words/en.json";

/** The words of the page itself, without those of the tips. */
export type UiWords = typeof en;

/** All words of a language. */
export interface Spoken {
  readonly language: Language;
  readonly ui: UiWords;
  readonly all: AllWords;
}

export { filled } from "@tenon/experiments/words";

/**
 * Korean text in which a particle stays with the parenthesis before it: lines are broken between
 * words only, and browsers would break there, too.
 */
export const withParticles = (text: string): string => text.replace(/\)(?=[가-힣])/g, ")\u2060");
