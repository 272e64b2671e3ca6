import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { experiments, type Chart, type ShownRun } from "./index.js";
import { parseResults } from "./results.js";

/** What a chart shows of an experiment, without the points: what its code says. */
const outline = ({ x, y, columns, series }: Chart) => ({
  ...{ x: [x.label, x.scale, x.domain ?? null], columns: columns ?? null },
  y: [y.label, y.scale, y.domain ?? null, y.percent ?? false],
  arms: [...new Set(series.map(({ arm }) => arm))],
});

test.each(experiments.map((of) => [of.id, of] as const))(
  "%s: the stored results are of the experiment as it is now",
  (id, of) => {
    const file = new URL(`../results/${id}.json`, import.meta.url);
    const stored = parseResults(readFileSync(file, "utf8"), file.pathname);
    const again = `run it again: npm run lab -- ${id} --report DIR, then --write-docs`;
    const { values, size, charts, runs, judgements, sizeName } = stored;
    const arms = of.arms(values);
    expect(stored.arms, again).toEqual(JSON.parse(JSON.stringify(arms)));
    expect({ ...size, seeds: 0 }, again).toEqual({ ...of.sizes[sizeName], seeds: 0 });
    expect(Object.keys(charts), again).toEqual(of.pictures.map((picture) => picture.id));
    expect(
      judgements.map((judgement) => judgement.id),
      again,
    ).toEqual(of.claims.map((claim) => claim.id));
    for (const { measures, steps } of runs) {
      expect(Object.keys(measures), again).toEqual(Object.keys(of.measures));
      for (const [name, { missing }] of Object.entries(of.measures))
        if (missing === "never") expect(measures[name] ?? 0, again).toBeLessThanOrEqual(steps);
    }
    const shown: readonly ShownRun[] = runs;
    for (const picture of of.pictures) {
      const now = outline(picture.chart({ arms, values, size, runs: shown }));
      const before = outline(charts[picture.id]!);
      // Series of some pictures are made of records, which are not stored.
      if (now.arms.length === 0) now.arms = before.arms;
      expect(before, `${picture.id}: ${again}`).toEqual(now);
    }
  },
);
