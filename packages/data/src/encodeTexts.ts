import { badArgument, noOptions, shown } from "@tenon/guards";
import { areTexts, checkTexts, tokensOf } from "./internal/texts.js";
import type { Vocabulary } from "./vocabularyOf.js";

/**
 * The labels of each text's tokens: `padded(encodeTexts(texts, vocabulary), { length: 100 })` is
 * what an `embedding(vocabulary.tokens.length, 64, { paddingIndex: 0 })` takes. 1 stands for what
 * is not in the vocabulary.
 *
 * Keras: `TextVectorization`, `StringLookup`. Throws unless these are texts and a vocabulary.
 */
export function encodeTexts(texts: readonly string[], vocabulary: Vocabulary): number[][] {
  noOptions("encodeTexts", arguments[2]);
  checkTexts("encodeTexts", texts);
  const { split, tokens } = checkVocabulary("encodeTexts", vocabulary);
  const labels = new Map(tokens.map((token, label) => [token, label]));
  return texts.map((text) => tokensOf(text, split).map((token) => labels.get(token) ?? 1));
}

/**
 * The text of labels, without padding: words with a space between them, or characters.
 *
 * Throws unless each is a label of the vocabulary.
 */
export function decodeText(labels: ArrayLike<number>, vocabulary: Vocabulary): string {
  noOptions("decodeText", arguments[2]);
  const { split, tokens } = checkVocabulary("decodeText", vocabulary);
  if (typeof labels !== "object" || labels === null || typeof labels.length !== "number")
    throw badArgument("decodeText", "a list of labels", shown(labels));
  const texts = Array.from(labels, (label) => {
    const token = typeof label === "number" ? tokens[label] : undefined;
    if (token === undefined)
      throw badArgument("decodeText", `labels from 0 to ${tokens.length - 1}`, shown(label));
    return token;
  });
  return texts.filter((text) => text !== "").join(split === "words" ? " " : "");
}

function checkVocabulary(name: string, vocabulary: Vocabulary): Vocabulary {
  const { split, tokens } = vocabulary ?? {};
  if ((split === "words" || split === "characters") && areTexts(tokens) && tokens.length >= 2)
    return vocabulary;
  throw badArgument(name, "a vocabulary, such as vocabularyOf(texts)", shown(vocabulary));
}
