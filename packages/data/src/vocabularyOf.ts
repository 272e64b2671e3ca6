import { badArgument, known, oneOf, whole } from "@tenon/guards";
import { checkTexts, tokensOf } from "./internal/texts.js";

/** What texts are cut into, and the label of each token: its place. Plain data, to be saved. */
export interface Vocabulary {
  /** Whether a token is a word or a character. */
  readonly split: "words" | "characters";
  /** Label 0 is padding, "", and label 1 what is not in the vocabulary, "[UNK]". */
  readonly tokens: readonly string[];
}

export interface VocabularyOptions {
  /**
   * Words, in small letters and without ASCII punctuation, as Keras' `TextVectorization` has them;
   * or characters (code points), as they are. @defaultValue "words"
   */
  readonly split?: Vocabulary["split"];
  /** How many labels there are at most, with the first two. @defaultValue Infinity */
  readonly size?: number;
  /** How often a token occurs at least. @defaultValue 1 */
  readonly least?: number;
}

/**
 * The tokens of texts, the most frequent first, of equally frequent ones the first: the labels that
 * `encodeTexts` gives them.
 *
 * Keras: `TextVectorization.adapt`, which has equally frequent ones in reverse order of the
 * alphabet. Throws unless there are texts and the size is at least 2.
 */
export function vocabularyOf(
  texts: readonly string[],
  options: VocabularyOptions = {},
): Vocabulary {
  const {
    split = "words",
    size = Infinity,
    least = 1,
  } = known("vocabularyOf", options, "split size least");
  checkTexts("vocabularyOf", texts);
  if (texts.length === 0) throw badArgument("vocabularyOf", "at least one text", "none");
  oneOf("vocabularyOf", "split", split, ["words", "characters"]);
  if (size !== Infinity) whole("vocabularyOf", "size", size, 2);
  whole("vocabularyOf", "least", least, 1);
  const counts = new Map<string, number>();
  for (const text of texts)
    for (const token of tokensOf(text, split)) counts.set(token, (counts.get(token) ?? 0) + 1);
  const frequent = [...counts].filter(([, count]) => count >= least).sort(([, a], [, b]) => b - a);
  const tokens = frequent.map(([token]) => token).slice(0, Math.max(0, size - 2));
  return { split, tokens: ["", "[UNK]", ...tokens] };
}
