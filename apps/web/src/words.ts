import type { Language } from "@tenon/experiments/words";
import type en from "./words/en.json";

/** The words of the page itself, without those of the tips. */
export type UiWords = typeof en;

/** The page's own words in a language. */
export async function uiWords(language: Language): Promise<UiWords> {
  return language === "ko"
    ? (await import("./words/ko.json")).default
    : (await import("./words/en.json")).default;
}

/** A text with values in place of `{names}`. */
export const filled = (text: string, values: Readonly<Record<string, string | number>>): string =>
  text.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
