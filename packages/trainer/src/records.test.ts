import fc from "fast-check";
import { expect, test } from "vitest";
import { events, memoryStore, resultsOf, small } from "./internal/testingStudy.js";
import { curveOf, curvesOf, study, type Curves, type MeasuredEvent } from "./index.js";

const stepOf = (step: number, loss: number): MeasuredEvent =>
  ({ type: "step", step, loss }) as MeasuredEvent;

/** What a recorder of at most this many points keeps of losses. */
function curvesFrom(losses: readonly number[], points: number): Curves {
  const { start, update } = curveOf("loss", { points });
  return losses.reduce((state, loss, i) => update(state, stepOf(i + 1, loss)), start);
}

test("few values are kept as they are, also those that are not finite", () => {
  const { steps, values, rest } = curvesFrom([3, NaN, -0, 1], 4);
  expect(steps).toEqual([1, 2, 3, 4]);
  expect(values).toEqual({ loss: [3, null, 0, 1] });
  expect(rest).toEqual([]);
});

test("each point is the mean of as many events, at the last of them", () => {
  const { steps, values, width, rest } = curvesFrom([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11], 4);
  // Two and two are one when a fifth point comes, and again when a ninth event does.
  expect(width).toBe(4);
  expect(steps).toEqual([4, 8]);
  expect(values).toEqual({ loss: [2.5, 6.5] });
  expect(rest).toEqual([{ loss: 9 }, { loss: 10 }, { loss: 11 }]);
});

test("any number of events: never too many points, and all events are in one", () => {
  const losses = fc.array(fc.integer({ min: -99, max: 99 }), { maxLength: 300 });
  fc.assert(
    fc.property(losses, fc.integer({ min: 2, max: 9 }), (given, points) => {
      const { steps, values, width, rest } = curvesFrom(given, points);
      expect(steps.length).toBeLessThanOrEqual(points);
      expect(steps).toEqual(steps.map((_, i) => (i + 1) * width));
      expect(steps.length * width + rest.length).toBe(given.length);
      const expected = steps.map((step) => {
        const part = given.slice(step - width, step);
        return part.reduce((sum, loss) => sum + loss, 0) / width;
      });
      const means = values["loss"] ?? [];
      for (const [i, mean] of expected.entries()) expect(means[i]).toBeCloseTo(mean, 9);
    }),
  );
});

test("a value that no event has is named", () => {
  const { start, update } = curveOf("validation.f1");
  const epoch = { type: "epoch", step: 1, validation: { loss: 1 } } as unknown as MeasuredEvent;
  expect(() => update(start, epoch)).toThrow(
    /^curveOf: expected a run that has the value "validation\.f1", got validation with loss/,
  );
  expect(() => curveOf("accuracy")).toThrow(/^curveOf: expected the name of a value/);
  expect(() => curveOf("loss", { points: 1 })).toThrow(/points in \[2, /);
});

const records = {
  loss: curveOf("loss", { points: 4 }),
  accuracies: curveOf("validation.accuracy"),
  gradients: curvesOf(
    (event) =>
      event.type === "statistics"
        ? Object.fromEntries(
            Object.entries(event.params).map(([path, { gradientNorm }]) => [path, gradientNorm]),
          )
        : undefined,
    "gradient norms",
  ),
};

test("a study keeps records of each run, killed at any event too", async () => {
  const options = { ...small, seeds: [1], records, checkpointEvery: 1 };
  const uninterrupted = resultsOf(await events({ ...options, store: memoryStore() }));
  const { loss, accuracies, gradients } = uninterrupted.runs[0]!.records as Record<string, Curves>;
  expect(loss!.width).toBe(2);
  expect(accuracies!.steps).toEqual([3, 6]);
  expect(gradients!.steps).toEqual([1, 3, 5]);
  expect(Object.keys(gradients!.values)).toContain("dense1/kernel");
  for (let end = 1; end < 30; end += 4) {
    const store = memoryStore();
    await events({ ...options, store }, end);
    expect(resultsOf(await events({ ...options, store }))).toEqual(uninterrupted);
  }
});

test("a stored run that was recorded otherwise is refused, and names must differ", async () => {
  const store = memoryStore();
  await events({ ...small, records, store });
  const others = { ...records, loss: curveOf("loss", { points: 8 }) };
  await expect(events({ ...small, records: others, store })).rejects.toThrow(
    /to be measured as when it was stored, "loss" by \{"record":.*"points":4\}\}, got .*"points":8/,
  );
  const twice = study({ ...small, records: { area: curveOf("loss") } });
  await expect(twice.next()).rejects.toThrow(
    'study: expected different names of measures and recorders, got "area" twice',
  );
});
