import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { experiments, type Judgement } from "@tenon/experiments";
import { expect, test } from "vitest";
import { counted, filled, languages, measuredText, textsIn } from "./texts.js";

const leaves = (value: unknown, path = ""): [string, string][] =>
  typeof value === "object" && value !== null
    ? Object.entries(value).flatMap(([key, inner]) => leaves(inner, `${path}/${key}`))
    : [[path, String(value)]];
const holes = (text: string): string[] => (text.match(/\{\w+\}/g) ?? []).sort();

test("every text is there in every language, with the same values in it", async () => {
  const [first, ...others] = await Promise.all(
    languages.map(async (language) => new Map(leaves((await textsIn(language)).lab))),
  );
  for (const other of others) {
    expect([...other.keys()]).toEqual([...first!.keys()]);
    for (const [path, text] of other) {
      expect(text.length, path).toBeGreaterThan(0);
      expect(holes(text), path).toEqual(holes(first!.get(path)!));
      if (path !== "/report/language" && holes(text).length === 0)
        expect(text, path).toMatch(/[가-힣]|sha256/);
    }
  }
});

test("every text is used: its key is in the sources", async () => {
  const folder = fileURLToPath(new URL(".", import.meta.url));
  const files = (await readdir(folder, { recursive: true })).filter((name) =>
    /(?<!\.test)\.ts$/.test(name),
  );
  const sources = await Promise.all(files.map((name) => readFile(join(folder, name), "utf8")));
  const code = sources.join("\n");
  const { lab } = await textsIn("en");
  const isRead = (key: string): boolean =>
    new RegExp(`\\.${key}\\b|[{,]\\s*${key}\\s*[,}=]`).test(code);
  const plural = ["one", "other"];
  const keys = leaves(lab).map(([path]) => path.split("/").at(-1)!);
  const chosen = Object.keys(lab.sizes); // lab.sizes[sizeName]
  const dead = keys.filter((key) => ![...plural, ...chosen].includes(key) && !isRead(key));
  expect(dead).toEqual([]);
});

const judged = (more: Partial<Judgement>): Judgement => ({
  ...{ id: "x", verdict: "holds", n: 5, missing: 0, std: 1, beats: 0.9 },
  ...{ mean: 0.0021, interval: [0.001, 0.0032], ...more },
});
const of = experiments.find(({ id }) => id === "dropout")!;
const claim = { id: "x", measure: "accuracy", better: "a", than: "b" } as const;

test("a difference is said with its interval, and in which seeds it was seen", async () => {
  const [en, ko] = await Promise.all([textsIn("en"), textsIn("ko")]);
  expect(measuredText(en, of, claim, judged({}))).toBe(
    "accuracy: a is better by 0.21 points (95 % interval 0.10 points to 0.32 points), " +
      "and better in 4.5 of 5 seeds",
  );
  expect(measuredText(ko, of, claim, judged({}))).toBe(
    "정확도: a 쪽이 0.21 %p만큼 더 좋음 (95 % 신뢰구간 0.10 %p ~ 0.32 %p), " +
      "시드 5개 중 4.5개에서 더 좋음",
  );
  const against = judged({ mean: -0.0021, interval: [-0.0032, -0.001], beats: 0 });
  expect(measuredText(en, of, claim, against)).toBe(
    "accuracy: b is better by 0.21 points (95 % interval 0.10 points to 0.32 points), " +
      "and better in 5 of 5 seeds",
  );
  const failed = judged({ mean: null, interval: null, n: 0, missing: 5, beats: 1 });
  expect(measuredText(en, of, claim, failed)).toBe(
    "accuracy: a is better in 5 of 5 seeds; not finite in 5 of the runs",
  );
});

test("a range is said with what was claimed", async () => {
  const en = await textsIn("en");
  const range = { id: "x", measure: "loss", arm: "a" } as const;
  const judgement = judged({ mean: 0.25, interval: [0.2, 0.3] });
  expect(measuredText(en, of, { ...range, atMost: 1 }, judgement)).toBe(
    "loss on test digits: 0.25 (95 % interval 0.2 to 0.3); claimed at most 1",
  );
  expect(measuredText(en, of, { ...range, atLeast: 0.1, atMost: 1 }, judgement)).toMatch(
    /claimed 0\.1 to 1$/,
  );
});

test("values take the place of names in braces", async () => {
  expect(filled("{a} of {b}{c}", { a: 1, b: "x", c: undefined })).toBe("1 of x");
  const { lab } = await textsIn("en");
  expect([1, 2000].map((n) => counted(lab.seeds, n))).toEqual(["1 seed", "2,000 seeds"]);
});
