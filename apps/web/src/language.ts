import type { Language } from "@tenon/experiments/words";

/** The language of the reader's browser. */
export const browserLanguage = (): Language =>
  navigator.languages.find((name) => /^(en|ko)\b/.test(name))?.startsWith("ko") ? "ko" : "en";
