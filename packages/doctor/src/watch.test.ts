import fc from "fast-check";
import { expect, test } from "vitest";
import { addEvent, newRecord, startWatch, watch, type Watched } from "./index.js";
import { constant, data, observed, recordOf, setup, stepsOf } from "./testing/records.js";

const watched = (events: Parameters<typeof watch>[1][], begin = startWatch({ setup, data })) =>
  events.reduce<{ state: Watched; said: string[][] }>(
    ({ state, said }, event) => {
      const next = watch(state, event);
      return { state: next, said: [...said, next.fresh.map(({ id }) => id)] };
    },
    { state: begin, said: [begin.fresh.map(({ id }) => id)] },
  );

test("each finding is fresh once, when it is first seen", () => {
  const large = { params: { "*": { updateNorm: 2 } } };
  const { state, said } = watched(stepsOf([1.4, ...constant(64, 3)], () => large));
  expect(said.flat()).toEqual(["learningRateTooHigh"]);
  expect(said.findIndex((ids) => ids.length > 0)).toBeLessThan(12);
  expect(state.findings.map(({ id }) => id)).toEqual(["learningRateTooHigh"]);
});

test("what the set-up shows is fresh at the start", () => {
  const { fresh } = startWatch({ setup: { ...setup, classes: 1 } });
  expect(fresh.map(({ id }) => id)).toEqual(["lossDoesNotFit"]);
  expect(() => startWatch({ colour: 1 } as never)).toThrow("startWatch: expected options among");
});

test("events are added to a new record, and the old one stays", () => {
  const before = newRecord();
  const copy = structuredClone(before);
  const after = addEvent(before, { type: "step", step: 1, loss: 2 });
  expect(before).toEqual(copy);
  expect(after).toMatchObject({
    step: 1,
    losses: { count: 1, first: [2], recent: [2], curve: [2] },
  });
  expect(addEvent(after, { type: "checkpoint" })).toBe(after);
  expect(() => addEvent(before, {} as never)).toThrow("addEvent: expected an event");
  expect(() => addEvent(before, { type: "step" } as never)).toThrow(
    "addEvent: expected a step event",
  );
});

test("the record of a long run is small, and its curve has the mean of its losses", () => {
  const losses = fc.array(fc.double({ min: 0, max: 10, noNaN: true }), { maxLength: 2000 });
  fc.assert(
    fc.property(losses, (all) => {
      const { losses: kept } = recordOf(
        all.map((loss, i) => ({ type: "step", step: i + 1, loss })),
      );
      expect(kept.count).toBe(all.length);
      expect(kept.curve.length).toBeLessThan(256);
      expect(kept.recent).toEqual(all.slice(-64));
      expect(kept.first).toEqual(all.slice(0, 16));
      const sum = kept.curve.reduce((a, b) => a + b * kept.block, kept.open.sum);
      expect(sum).toBeCloseTo(
        all.reduce((a, b) => a + b, 0),
        6,
      );
    }),
    { numRuns: 20 },
  );
});

test("of many observed steps the first and the last are kept, in order", () => {
  const events = Array.from({ length: 500 }, (_, i) => observed(10 * i + 1));
  const steps = recordOf(events.map((step) => ({ type: "statistics", ...step }))).observed.map(
    ({ step }) => step,
  );
  expect(steps.length).toBeLessThanOrEqual(48);
  expect(steps.slice(0, 4)).toEqual([1, 11, 21, 31]);
  expect(steps.slice(-16)).toEqual(Array.from({ length: 16 }, (_, i) => 10 * (484 + i) + 1));
  expect([...steps].sort((a, b) => a - b)).toEqual(steps);
});

test("the end of a run brings its running statistics", () => {
  const stats = { "batchNorm1/mean": { data: Float32Array.of(1, 2) } };
  const record = recordOf([{ type: "end", reason: "done", stats }]);
  expect(record).toMatchObject({ ended: "done", running: { "batchNorm1/mean": [1, 2] } });
});
