import { describe as worded, examine } from "@tenon/doctor";
import { expect, test } from "vitest";
import { watchedRun } from "./run.js";
import { cases } from "./sick.js";

test("there is a network for each of sixteen sicknesses and more", () => {
  expect(new Set(cases.map(({ expected }) => expected)).size).toBeGreaterThanOrEqual(22);
});

// `npm run test:long` does the others too.
const long = process.env["TENON_LONG"] === "1";
const chosen = cases.filter((entry) => long || !entry.long);

test.for(chosen.map((entry) => [entry.name, entry] as const))(
  "%s: named at the first finding, and cured by its tip",
  async ([, { expected, kind, sick, cured, learnt }]) => {
    const ill = await watchedRun(sick);
    expect(ill.said[0]?.id, JSON.stringify(ill.said)).toBe(expected);
    if (kind !== undefined) expect(ill.said[0]?.kind).toBe(kind);
    // And the summary at the end names it first.
    expect(ill.findings[0]?.id, JSON.stringify(ill.findings)).toBe(expected);
    expect(examine(structuredClone(ill.watched.record))).toEqual(ill.findings);
    expect(learnt(ill)).toBe(false);
    // All figures have been filled in.
    for (const language of ["en", "ko"] as const)
      for (const finding of [...ill.said, ...ill.findings])
        expect(worded(finding, language).text).not.toMatch(/\{\w+[%#]?\}|undefined/);

    const well = await watchedRun(cured);
    expect(learnt(well), JSON.stringify(well.scores)).toBe(true);
    expect(well.said.map(({ id }) => id)).not.toContain(expected);
  },
);

test.runIf(long)(
  "the first finding is the same with other initial values, orders and observed steps",
  { timeout: 600_000 },
  async () => {
    for (const [seed, every] of [
      [2, 10],
      [3, 3],
    ] as const)
      for (const { name, expected, sick } of cases) {
        const { said } = await watchedRun({ ...sick, seed, every: sick.every ?? every });
        expect(said[0]?.id, `${name}, seed ${seed}`).toBe(expected);
      }
  },
);
