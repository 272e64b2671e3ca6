import { expect, test } from "vitest";
import { describe as worded, rules, texts, type Finding } from "./index.js";
import { filled, type Phrase } from "./internal/filled.js";

const phrases = (phrase: Phrase): Readonly<Record<string, string>> =>
  typeof phrase === "string" ? { "": phrase } : phrase;
const figures = (text: string): string[] =>
  [...new Set([...text.matchAll(/\{(\w+)[%#]?\}/g)].map(([, name]) => name!))].sort();

test.each(rules.map(({ id }) => id))(
  "%s is described with the same figures in all languages",
  (id) => {
    const { en, ko } = texts;
    for (const part of ["title", "meaning", "tip"] as const) {
      const [english, korean] = [phrases(en.findings[id][part]), phrases(ko.findings[id][part])];
      expect(Object.keys(korean)).toEqual(Object.keys(english));
      for (const [kind, text] of Object.entries(english)) {
        expect(figures(korean[kind]!), `${part} ${kind}`).toEqual(figures(text));
        expect(korean[kind]).toMatch(/[가-힣]/);
        expect(text).toMatch(part === "title" ? /[a-z1]$/ : /[.?)]$/);
        // A particle that depends on how a figure is read would be wrong for some figures.
        expect(korean[kind]).not.toMatch(/\{\w+#?\}(로|으로|은|는|이|가|을|를|과|와) /);
      }
    }
    // What causes other findings needs a title that does not depend on its figures.
    const titles = phrases(en.findings[id].title);
    expect(Object.keys(titles).length === 1 || "other" in titles).toBe(true);
  },
);

test("nothing is described of a finding that does not exist", () => {
  for (const language of Object.values(texts))
    expect(Object.keys(language.findings).sort()).toEqual(rules.map(({ id }) => id).sort());
});

test("figures are rounded: three digits, two of percentages, whole numbers", () => {
  const shown = (text: string, x: number): string => filled(text, { evidence: { x } });
  expect(shown("{x}", 1.38629)).toBe("1.39");
  expect(shown("{x}", 0.0123456)).toBe("0.0123");
  expect(shown("{x}", 0.000123456)).toBe("1.23e-4");
  expect(shown("{x}", 0.0005)).toBe("5e-4");
  expect(shown("{x}", 1.2e10)).toBe("1.2e10");
  expect(shown("{x}", 12345.6)).toBe("12,346");
  expect(shown("{x}", 9.84e34)).toBe("9.84e34");
  expect(shown("{x}", 0)).toBe("0");
  expect(shown("{x}", Infinity)).toBe("Infinity");
  expect(shown("{x%}", 0.4567)).toBe("46 %");
  expect(shown("{x%}", 12.09)).toBe("1,209 %");
  expect(shown("{x#}", 60000)).toBe("60,000");
});

test("로 or 으로, by how the last digit is read", () => {
  const worded = (x: number): string => filled("{x}(으)로", { evidence: { x } });
  expect([1.31, 2.12, 0.3, 0.4, 5, 6, 17, 8, 9, 10].map(worded)).toEqual([
    ...["1.31로", "2.12로", "0.3으로", "0.4로", "5로", "6으로", "17로", "8로", "9로", "10으로"],
  ]);
});

const finding: Finding = {
  ...{ id: "deadUnits", severity: "error", where: "relu1", tip: "", reference: "a book" },
  evidence: { layer: "relu1", fraction: 0.974, step: 51 },
  explainedBy: "learningRateTooHigh",
};

test.each([
  ['the gradient of parameter "the loss"', '매개변수의 기울기 "the loss"'],
  ["the loss", "손실"],
  ["a gradient or a new value", "기울기 또는 새 값"],
  ['layer "relu2"', '층 "relu2"'],
  ["dense1/kernel", "dense1/kernel"],
])("a place is named in the language: %s", (place, korean) => {
  const wrong: Finding = {
    ...finding,
    id: "nonFinite",
    kind: "other",
    evidence: { step: 3, place },
  };
  expect(worded(wrong).meaning).toContain(`: ${place}.`);
  expect(worded(wrong, "ko").meaning).toContain(`: ${korean}.`);
});

test("a finding in English and in Korean", () => {
  expect(worded(finding)).toEqual({
    severity: "error",
    title: "Dead units",
    meaning:
      "At step 51, 97 % of the units of relu1 are 0 for every example of the batch. Their gradient " +
      "is 0: they cannot come back.",
    tip: "Use leakyRelu instead of relu, and start biases at 0.",
    cause: "The learning rate is too high",
    text: expect.stringMatching(
      /^error: Dead units \(relu1\)\n {2}At step 51.*\n {2}try first: /,
    ) as string,
  });
  expect(worded(finding, "ko").text).toBe(
    "오류: 죽은 유닛 (relu1)\n" +
      "  51번째 스텝에서 relu1 층 유닛의 97 %가 배치의 모든 예제에 대해 0입니다. 기울기도 " +
      "0이므로 되살아나지 못합니다.\n" +
      "  먼저 해 볼 일: relu 대신 leakyRelu를 쓰고, 편향은 0에서 시작하세요.\n" +
      "  원인: 너무 높은 학습률\n" +
      "  참고 문헌: a book",
  );
  expect(() => worded(finding, "xx" as never)).toThrow(
    'describe: expected language to be "en" or "ko"',
  );
});
