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

export { withParticles } from "./particles.js";
