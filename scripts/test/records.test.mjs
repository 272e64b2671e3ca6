import { expect, test } from "vitest";
import { generated } from "../lib/pages.mjs";
import { read } from "../lib/records.mjs";
import { recordsPage, summaryOf } from "../lib/recordsPage.mjs";

test("docs/records.md says what was measured", async () => {
  const how = { write: false, command: "npm run records -- --write" };
  expect(await generated("docs/records.md", recordsPage(read()), how)).toEqual([]);
});

test("each command is that of a seed whose weights the page has", () => {
  const results = read();
  const commands = [...recordsPage(results).matchAll(/start -- --recipe (\w+) --seed (\d+)/g)];
  expect(commands).toHaveLength(Object.keys(results.seeds).length);
  for (const [, name, seed] of commands) expect(Object.keys(results.seeds[name])).toContain(seed);
});

test("both sets of thirty seeds are whole, and their means at least 99 %", () => {
  const { record } = read().seeds;
  expect(Object.keys(record)).toEqual(Array.from({ length: 60 }, (_, i) => `${i + 1}`));
  for (const from of [1, 31]) {
    const accuracies = Array.from({ length: 30 }, (_, i) => record[from + i].testAccuracy);
    expect(summaryOf(accuracies).mean).toBeGreaterThanOrEqual(0.99);
  }
});

test.each([
  ["accurate", 99.5, 0.995],
  ["best", 99.6, 0.996],
])("the ten seeds of --recipe %s are whole, and their mean at least %s %%", (name, _, least) => {
  const seeds = read().seeds[name];
  const accuracies = Array.from({ length: 10 }, (_, i) => seeds[11 + i].testAccuracy);
  expect(Object.keys(seeds)).toHaveLength(10);
  expect(summaryOf(accuracies).mean).toBeGreaterThanOrEqual(least);
});

test("the interval of ten and of thirty values is Student's", () => {
  // scipy.stats.t.interval(0.95, 9, 5.5, scipy.stats.sem(range(1, 11)))
  expect(summaryOf(Array.from({ length: 10 }, (_, i) => i + 1)).half).toBeCloseTo(2.1659, 3);
  // scipy.stats.t.interval(0.95, 29, 15.5, scipy.stats.sem(range(1, 31)))
  const { mean, deviation, half } = summaryOf(Array.from({ length: 30 }, (_, i) => i + 1));
  expect(mean).toBe(15.5);
  expect(deviation).toBeCloseTo(Math.sqrt(77.5), 12);
  expect(half).toBeCloseTo(3.2873, 3);
});
