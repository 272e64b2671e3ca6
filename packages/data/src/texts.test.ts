import { refusal } from "@tenon/testkit";
import { expect, test } from "vitest";
import { decodeText, encodeTexts, multiHot, padded, vocabularyOf } from "./index.js";

const texts = ["The cat sat.", "The dog; the CAT!", "a dog's day"];

test("words are those of Keras' TextVectorization, the most frequent first", () => {
  const vocabulary = vocabularyOf(texts);
  // the 3, cat 2, and what occurs once, in the order of the texts: Keras strips apostrophes too.
  expect(vocabulary).toEqual({
    split: "words",
    tokens: ["", "[UNK]", "the", "cat", "sat", "dog", "a", "dogs", "day"],
  });
  expect(vocabularyOf(texts, { size: 4 }).tokens).toEqual(["", "[UNK]", "the", "cat"]);
  expect(vocabularyOf(texts, { least: 2 }).tokens).toEqual(["", "[UNK]", "the", "cat"]);
  expect(vocabularyOf(["…"], { size: 2 }).tokens).toEqual(["", "[UNK]"]);
});

test("labels are places, 1 what is unknown, and a saved vocabulary gives the same", () => {
  const vocabulary = JSON.parse(JSON.stringify(vocabularyOf(texts)));
  const labels = encodeTexts(["The  dog sat,\nso…", ""], vocabulary);
  expect(labels).toEqual([[2, 5, 4, 1], []]);
  expect(decodeText(padded(labels, { length: 6 }).data.subarray(0, 6), vocabulary)).toBe(
    "the dog sat [UNK]",
  );
});

test("characters are code points, as they are", () => {
  const vocabulary = vocabularyOf(["안녕 😀", "Ab!"], { split: "characters" });
  expect(vocabulary.tokens.slice(2)).toEqual(["안", "녕", " ", "😀", "A", "b", "!"]);
  expect(decodeText(encodeTexts(["A 😀"], vocabulary)[0]!, vocabulary)).toBe("A 😀");
});

test("multiHot has a one at each label, also at one that is given twice", () => {
  expect(multiHot([[0, 2], [], [1, 1]], 3)).toEqual({
    shape: [3, 3],
    dtype: "float32",
    data: Float32Array.of(1, 0, 1, 0, 0, 0, 0, 1, 0),
  });
});

test("what is wrong is said by name", () => {
  const vocabulary = vocabularyOf(texts);
  expect(() => decodeText([9], vocabulary)).toThrow(
    refusal("decodeText: expected labels from 0 to 8, got 9"),
  );
  expect(() => multiHot([[3]], 3)).toThrow(
    refusal("multiHot: expected labels to be whole numbers in [0, 3), got 3 at 0"),
  );
  expect(() => vocabularyOf([])).toThrow(
    refusal("vocabularyOf: expected at least one text, got none"),
  );
  expect(() => vocabularyOf(texts, { size: 1 })).toThrow(
    refusal("vocabularyOf: expected a whole size ≥ 2, got 1"),
  );
});

test("holes, numbers as text and views that are no lists are refused by name", () => {
  const holes = [, "a"] as string[];
  const vocabulary = vocabularyOf(texts);
  const noTexts = (name: string): Error =>
    refusal(new RegExp(`^${name}: expected texts as a list of strings, got `));
  expect(() => vocabularyOf(holes)).toThrow(noTexts("vocabularyOf"));
  expect(() => encodeTexts(holes, vocabulary)).toThrow(noTexts("encodeTexts"));
  expect(() => encodeTexts(["a"], { split: "words", tokens: holes })).toThrow(
    refusal(/^encodeTexts: expected a vocabulary, such as vocabularyOf\(texts\), got /),
  );
  for (const label of ["2", "length"] as never[])
    expect(() => decodeText([label], vocabulary)).toThrow(
      refusal(`decodeText: expected labels from 0 to 8, got "${label}"`),
    );
  for (const list of [holes, [new DataView(new ArrayBuffer(1))]] as never[])
    expect(() => multiHot(list, 3)).toThrow(
      refusal(/^multiHot: expected a list of labels of each example, got /),
    );
});
