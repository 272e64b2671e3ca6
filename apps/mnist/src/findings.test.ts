import { rules, type Finding } from "@tenon/doctor";
import { languageIn, widthOf } from "@tenon/terminal";
import { expect, test } from "vitest";
import { complete } from "./config.js";
import { findingEvent, findingSentence, findingText, tally } from "./findings.js";

const made = { config: complete({}), images: 60_000 };

const exploding: Finding = {
  id: "explodingGradients",
  severity: "error",
  where: "dense1",
  kind: "always",
  evidence: { step: 1051, gradient: 123.4, value: 5.678, update: 0.31, layer: "dense1" },
  tip: "",
  reference: "Pascanu et al. (2013)",
};

test("a finding has its figures, what to try and the flag for it, in two languages", () => {
  const text = findingText({ finding: exploding, step: 1051 }, made, {
    language: "en",
    columns: Infinity,
  });
  expect(text.replace(/\x1b\[[\d;]*m/g, "")).toBe(
    [
      "✖ error: Exploding gradients (step 1,051)",
      "  At step 1,051 the gradient has norm 123, the weights 5.68; the update changed them by " +
        "31 %. It is largest in dense1.",
      "  try first  Clip the gradients: clipByGlobalNorm(1) before the optimizer.",
      "  here       --clip-norm 1",
      "  see        Pascanu et al. (2013)",
    ].join("\n"),
  );
  expect(findingSentence({ finding: exploding }, made, "ko")).toMatch(/123.* --clip-norm 1$/);
  expect(findingEvent({ finding: exploding, step: 1051 }, made, "en")).toMatchObject({
    ...{ type: "finding", step: 1051, id: "explodingGradients", severity: "error" },
    ...{ evidence: exploding.evidence, flags: "--clip-norm 1" },
  });
  const plain = (of: string): string => of.replace(/\x1b\[[\d;]*m/g, "");
  const hint: Finding = { ...exploding, severity: "hint" };
  expect(plain(tally([exploding, hint, hint], "en"))).toBe("1 error, 2 hints");
  expect(plain(tally([hint], "ko"))).toBe("참고 1개");
  expect(plain(tally([], "en"))).toBe("no findings");
});

test.each(["en", "ko"] as const)("%s: every finding fits every width", (language) => {
  for (const { id, reference } of rules) {
    const finding: Finding = { ...exploding, id, reference };
    for (let columns = 60; columns <= 160; columns += 5) {
      const text = findingText({ finding, step: 12_345_678 }, made, { language, columns });
      // An address may be longer than a line.
      for (const line of text.split("\n").filter((each) => !/^\S*https?:\S+$/.test(each)))
        expect(widthOf(line), `${id} in ${columns}: ${line}`).toBeLessThanOrEqual(columns);
    }
  }
});

test("the language is that of the locale that counts", () => {
  expect(languageIn({ LANG: "ko_KR.UTF-8" }, ["en", "ko"])).toBe("ko");
  expect(languageIn({ LANG: "ko" }, ["en", "ko"])).toBe("ko");
  expect(languageIn({ LANG: "ko_KR.UTF-8", LC_ALL: "C" }, ["en", "ko"])).toBe("en");
  expect(languageIn({ LANG: "en_US.UTF-8", LC_ALL: "", LC_MESSAGES: "ko_KR" }, ["en", "ko"])).toBe(
    "ko",
  );
  expect(languageIn({ LANG: "kok_IN" }, ["en", "ko"])).toBe("en");
  expect(languageIn({}, ["en", "ko"])).toBe("en");
});
