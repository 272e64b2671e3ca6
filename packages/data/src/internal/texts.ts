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
  if (!Array.isArray(texts) || !texts.every((text) => typeof text === "string"))
    throw badArgument(name, "texts as a list of strings", shown(texts));
}
