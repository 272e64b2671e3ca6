import { expect, test } from "vitest";
import { claimedArms, otherValues } from "./claimed.js";
import { experiments, startValues, type Control } from "./index.js";
import type { Values } from "./index.js";
import { claimText, languages, nameOfArm, valuesText, wordsOf } from "./words.js";
import type { Language, Words } from "./words.js";

test("an arm's name is its own, that of its pattern, or itself", () => {
  const arms = { "rate=0": "none", "rate={rate}": "rate {rate}", "a={a} b={b}": "{b} of {a}" };
  expect(nameOfArm({ arms }, "rate=0")).toBe("none");
  expect(nameOfArm({ arms }, "rate=0.5")).toBe("rate 0.5");
  expect(nameOfArm({ arms }, "a=1 b=x.y")).toBe("x.y of 1");
  expect(nameOfArm({ arms }, "a=1 b=2 c=3")).toBe("a=1 b=2 c=3");
  expect(nameOfArm({ arms }, "other")).toBe("other");
});

test("no arm is shown by options, as in rate=0.5, in any language", async () => {
  for (const language of languages) {
    const { tips } = await wordsOf(language);
    for (const experiment of experiments)
      for (const arm of Object.keys(experiment.arms(startValues(experiment))))
        expect(nameOfArm(tips[experiment.id]!, arm), `${language} ${experiment.id}`).not.toMatch(
          /\w=\S/,
        );
  }
});

const spelled = {
  en: ["three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"],
  ko: ["세", "네", "다섯", "여섯", "일곱", "여덟", "아홉", "열", "열한", "열두"],
};

/** How a text may say the value with which a control begins. */
function saying({ controls }: Words, { id, start }: Control, language: Language): RegExp {
  const text = valuesText({ controls }, [[id, start]]).replace(/^.*: /, "");
  const number = typeof start === "number" ? spelled[language][start - 3] : undefined;
  const ways = [text, ...(number ? [number] : [])].map((way) => way.replace(/[.*+?^$]/g, "\\$&"));
  return new RegExp(`(?<![\\p{L}\\d.,])(${ways.join("|")})(?![\\da-z]|[.,]\\d)`, "iu");
}

test.each(languages)("%s: no claim says a value that a control changes", async (language) => {
  const { tips } = await wordsOf(language);
  for (const of of experiments)
    for (const control of of.controls)
      for (const claim of of.claims) {
        const words = tips[of.id]!;
        const start = startValues(of);
        const isChanged = otherValues(of, control).some(
          (values) => claimedArms(of, claim, values) !== claimedArms(of, claim, start),
        );
        const text = words.claims[claim.id]!;
        const which = `${of.id} ${claim.id}: put {${control.id}} into "${text}"`;
        if (isChanged) expect(text, which).not.toMatch(saying(words, control, language));
      }
});

test("each place of a claim is of a control, and follows it, in every language alike", async () => {
  const places = (text: string): string[] => [...(text.match(/\{\w+\}/g) ?? [])].sort();
  const all = await Promise.all(languages.map(wordsOf));
  for (const of of experiments)
    for (const { id } of of.claims) {
      const [first, ...others] = all.map(({ tips }) => places(tips[of.id]!.claims[id]!));
      for (const other of others) expect(other, `${of.id} ${id}`).toEqual(first);
      for (const place of first!) {
        const control = of.controls.find((each) => `{${each.id}}` === place);
        expect(control, `${of.id} ${id} ${place}`).toBeDefined();
        for (const { tips } of all) {
          const said = (values: Values): string => claimText(tips[of.id]!, id, values);
          expect(said(startValues(of))).not.toMatch(/[{}]/);
          for (const values of otherValues(of, control!))
            expect(said(values)).not.toBe(said(startValues(of)));
        }
      }
    }
});

test("a claim and a list of values say numbers shortly and choices by their names", async () => {
  const { tips } = await wordsOf("en");
  const words = tips["range"]!;
  expect(claimText(words, "unit", { largest: 10 ** 0.5, optimizer: "adam" })).toMatch(
    /^With Adam, pixels from 0 to 1 give/,
  );
  expect(
    valuesText(words, [
      ["largest", 10 ** 0.5],
      ["optimizer", "adam"],
    ]),
  ).toBe("largest input: 3.16, optimizer: Adam");
});
