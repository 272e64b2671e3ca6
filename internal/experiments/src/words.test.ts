import { expect, test } from "vitest";
import { experiments, startValues } from "./index.js";
import { languages, nameOfArm, wordsOf } from "./words.js";

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
