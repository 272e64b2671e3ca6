import { coloredLines, experiments, startValues } from "@tenon/experiments";
import { languages, wordsOf } from "@tenon/experiments/words";
import { expect, test } from "vitest";
import { formulaOf } from "./formula.js";

test("words of a formula are those of the language, and its lines have their colours", () => {
  const words = { or: "또는" };
  const mathml = formulaOf(String.raw`\arm{b}{y + 1} \qquad \word{or} z`, words, ["a", "b"]);
  expect(mathml.match(/<math/g)).toHaveLength(2);
  expect(mathml).toContain("<mtext>또는</mtext>");
  expect(mathml).toMatch(/<mrow class="arm-2"><mi>y<\/mi>/);
  expect(() => formulaOf(String.raw`\word{if}`, words, [])).toThrow("there is no if");
  expect(() => formulaOf(String.raw`\arm{c}{x}`, words, ["a"])).toThrow("there is no c");
});

test.each(languages)(
  "each tip has a formula in which no word is of another language (%s)",
  async (language) => {
    const { formula } = (await wordsOf(language)).common;
    for (const of of experiments) {
      // What is in no language: names of functions and methods.
      expect(of.formula.match(/\\text\{(?!ReLU)[^}]*\}/g) ?? [], of.id).toEqual([]);
      const { arms } = coloredLines(of, startValues(of));
      expect(formulaOf(of.formula, formula, arms), of.id).not.toContain("ParseError");
    }
    const used = experiments.flatMap((of) => [...of.formula.matchAll(/\\word\{(\w+)\}/g)]);
    expect([...new Set(used.map(([, name]) => name))].sort()).toEqual(Object.keys(formula).sort());
  },
);
