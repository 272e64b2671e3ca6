import { badArgument, shown } from "@tenon/guards";
import type { Vocabulary } from "../vocabularyOf.js";

/** The tokens of a text. */
export function tokensOf(text: string, split: Vocabulary["split"]): string[] {
  if (split === "characters") return Array.from(text);
  const words = text.toLowerCase().replace(/[!-/:-@[-`{-~]/g, "");
  return words.split(/\s+/).filter((word) => word !== "");
}

/** Throws unless these are texts. */
export function checkTexts(name: string, texts: readonly string[]): void {
  if (!areTexts(texts)) throw badArgument(name, "texts as a list of strings", shown(texts));
}

/** Whether these are texts, and none of them is a hole. */
export function areTexts(given: unknown): given is readonly string[] {
  return Array.isArray(given) && Array.from(given).every((text) => typeof text === "string");
}
