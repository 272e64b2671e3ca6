import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { filled, withParticles } from "./words.js";
import en from "./words/en.json" with { type: "json" };
import ko from "./words/ko.json" with { type: "json" };

const keys = (value: unknown, path = ""): string[] =>
  typeof value === "object" && value !== null
    ? Object.entries(value).flatMap(([key, inner]) => keys(inner, `${path}.${key}`))
    : [path];

test("languages have the same texts, with the same values in them", () => {
  expect(keys(ko)).toEqual(keys(en));
  const at = (words: unknown, path: string): string =>
    path
      .split(".")
      .reduce<unknown>((value, key) => (value as Record<string, unknown>)[key], words) as string;
  const values = (text: string): string[] => [...new Set(text.match(/\{\w+\}/g))].sort();
  for (const path of keys(en).map((path) => path.slice(1)))
    expect(values(at(ko, path)), path).toEqual(values(at(en, path)));
});

test("every text is used", () => {
  const folder = import.meta.dirname;
  const sources = readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => /\.(svelte|ts)$/.test(name) && !name.endsWith(".test.ts"))
    .map((name) => readFileSync(join(folder, name), "utf8"))
    .join("\n");
  const isRead = (key: string): boolean => new RegExp(`\\.${key}\\b(?! *=[^=>])`).test(sources);
  /** Whether the texts of a group are looked up by a name that is a value. */
  const isLookedUp = (group: string): boolean =>
    new RegExp(`\\.${group}(\\[|\\)| as |\\}$)`, "m").test(sources);
  const unused = keys(en)
    .map((path) => path.split(".").slice(1))
    .filter((parts) => {
      const [key, ...groups] = [...parts].reverse() as [string, ...string[]];
      return !groups.every(isRead) || !(isRead(key) || (groups[0] && isLookedUp(groups[0])));
    });
  expect(unused).toEqual([]);
});

test("values are put into a text", () => {
  expect(filled("{a} of {b}, {a}", { a: 1, b: "two" })).toBe("1 of two, 1");
  expect(filled("{a} {c}", { a: 1 })).toBe("1 {c}");
});

test("a particle stays with the parenthesis before it", () => {
  expect(withParticles("기울기(gradient)를 (a) b")).toBe("기울기(gradient)\u2060를 (a) b");
});
