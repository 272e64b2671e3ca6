import fc from "fast-check";
import { expect, test } from "vitest";
import { addEvent, examine, newRecord, startWatch, watch, type Watched } from "./index.js";
import {
  constant,
  data,
  falling,
  observed,
  parameter,
  recordOf,
  setup,
  stepsOf,
  values,
} from "./testing/records.js";

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
  expect(said.findIndex((ids) => ids.length > 0)).toBeLessThan(40);
  expect(state.findings.map(({ id }) => id)).toEqual(["learningRateTooHigh"]);
});

test("what the set-up shows is fresh at the start", () => {
  const { fresh } = startWatch({ setup: { ...setup, classes: 1 } });
  expect(fresh.map(({ id }) => id)).toEqual(["lossDoesNotFit"]);
  expect(() => startWatch({ colour: 1 } as never)).toThrow("startWatch: expected options {");
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

test("what is no event, no set-up and no watch is refused in words", () => {
  const refused = (event: object, message: string): void =>
    expect(() => addEvent(newRecord(), event as never)).toThrow(`addEvent: expected ${message}`);
  refused({ type: "Step", step: 1, loss: 2 }, "an event of the type start, step,");
  refused({ type: "step", loss: 2 }, "a step event with a number step");
  refused({ type: "step", step: 1, loss: "2" }, "a step event with loss as a number");
  refused({ type: "epoch", epoch: 1, step: 9 }, "an epoch event with train, scores by name");
  refused({ type: "epoch", epoch: 1, step: 9, train: { loss: "low" } }, "an epoch event with loss");
  refused({ type: "statistics", layers: {} }, "a statistics event with a number step");
  refused({ type: "statistics", step: 1, layers: 3 }, "a statistics event with layers by path");
  refused({ type: "statistics", step: 1, params: { w: 3 } }, "figures of w as an object");
  expect(() => addEvent(undefined as never, { type: "checkpoint" })).toThrow("expected a record");
  for (const wrong of [undefined, newRecord()])
    expect(() => watch(wrong as never, { type: "checkpoint" })).toThrow(
      "watch: expected what startWatch() or watch gave",
    );
  expect(() => newRecord({ setup: null as never })).toThrow(
    "newRecord: setup: expected options { ",
  );
  expect(() => newRecord({ setup: { clases: 10 } as never })).toThrow('did you mean "classes"');
  expect(() => newRecord({ setup: { layers: [{ type: "relu" }] as never } })).toThrow(
    "newRecord: expected layers of the set-up, each with path and type",
  );
  expect(() => newRecord({ data: 3 as never })).toThrow("expected data as measure(train)");
});

test("figures that another library does not have are no fault", () => {
  const said = (event: object): string[] =>
    examine(
      [1, 2, 3].reduce(
        (record, step) => addEvent(record, { type: "statistics", step, ...event } as never),
        newRecord({ setup: { loss: "crossEntropy", classes: 10 } }),
      ),
    ).map(({ id }) => id);
  expect(said({})).toEqual([]);
  expect(said({ params: { w: parameter() } })).toEqual([]);
  expect(said({ params: { w: { gradientNorm: 1 }, toString: parameter() } })).toEqual([]);
  expect(said({ layers: { constructor: { mean: 0, std: 1 } } })).toEqual([]);
  const [known] = recordOf([
    { type: "statistics", step: 1, params: { w: { norm: 2, updateNorm: 1 } } },
  ]).observed;
  expect(known).toMatchObject({ ratio: 0.5, params: { w: { updateRatio: 0.5, size: NaN } } });
});

test("figures that came through JSON are figures", () => {
  const line = { ...observed(3), type: "statistics", input: { ...values(), std: "Infinity" } };
  const record = [
    { type: "step", step: 1, loss: 2 },
    { type: "step", step: 2, loss: "NaN" },
    line,
    { type: "epoch", epoch: 1, step: 3, train: { loss: "NaN", accuracy: 0.5 } },
  ].reduce((before, event) => addEvent(before, event as never), newRecord());
  expect(record).toMatchObject({
    nonFinite: { step: 2, loss: NaN },
    observed: [{ input: { std: Infinity } }],
    epochs: [{ train: { loss: NaN, accuracy: 0.5 } }],
  });
});

test.each([
  [2.3, "a gradient or a new value"],
  [NaN, "the loss"],
])("without where, a step of the loss %d is said to have gone wrong at: %s", (loss, place) => {
  const [finding] = examine(addEvent(newRecord(), { type: "nonFinite", step: 3, loss }));
  expect(finding).toMatchObject({ id: "nonFinite", kind: "other", evidence: { step: 3, place } });
});

test.each([
  ["PyTorch", "fc", ".weight", ".bias", ".weight", ".bias"],
  ["Keras", "dense_", "/kernel:0", "/bias:0", "/gamma:0", "/beta:0"],
])(
  "the parameters of %s are distinguished by their names",
  (_, layer, kernel, bias, gamma, beta) => {
    const params = (factor: number) =>
      Object.fromEntries(
        [1, 2, 3, 4, 5].flatMap((i) => [
          [`${layer}${i}${kernel}`, parameter({ gradientNorm: factor ** i })],
          [`${layer}${i}${bias}`, parameter({ size: 16, norm: 1e-3, updateNorm: 1e-3 })],
          [`norm${i}${gamma}`, parameter({ size: 16, updateNorm: 4 })],
          [`norm${i}${beta}`, parameter({ size: 16 })],
        ]),
      );
    const run = (factor: number, losses: readonly number[]) =>
      recordOf(
        losses.flatMap((loss, i) => [
          { type: "step" as const, step: i + 1, loss },
          { type: "statistics" as const, step: i + 1, params: params(factor) },
        ]),
        { setup: { loss: "crossEntropy", classes: 4 } },
      );
    expect(examine(run(1, falling(60)))).toEqual([]);
    expect(run(1, [1.4]).observed[0]!.norms.update).toBeCloseTo(Math.sqrt(5) * 0.004, 12);
    expect(examine(run(30, constant(4, 1.38)))[0]).toMatchObject({
      ...{ id: "vanishingGradients", where: `${layer}1` },
      evidence: { first: `${layer}1`, last: `${layer}5` },
    });
  },
);

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

test("a step that the optimizer left out is no sickness", () => {
  const lost = { input: { mean: NaN, std: NaN, nonFinite: 0.5 } };
  const record = [
    { type: "step", step: 1, loss: 2 },
    { type: "skipped", step: 2, loss: NaN },
    { type: "statistics", step: 2, ...lost },
    { type: "step", step: 3, loss: 1 },
    { type: "statistics", step: 3 },
  ].reduce((all, event) => addEvent(all, event as never), newRecord());
  expect(record).toMatchObject({ step: 3, losses: { count: 2 }, skipped: 2 });
  expect(record.nonFinite).toBeUndefined();
  expect(record.observed.map(({ step }) => step)).toEqual([3]);
  expect(examine(record)).toEqual([]);
});
