import fc from "fast-check";
import { expect, test } from "vitest";
import { describe as worded, examine, rules, texts } from "./index.js";
import type { RunEvent } from "./addEvent.js";
import type { Setup } from "./record.js";
import { pairsOfRuns } from "./testing/pairsOfRuns.js";
import { pairsOfSetups } from "./testing/pairsOfSetups.js";
import {
  constant,
  data,
  epochsOf,
  falling,
  layers,
  recordOf,
  setup,
  stepsOf,
  type Said,
} from "./testing/records.js";

const ids = rules.map(({ id }) => id);

test("a rule explains only rules after it, so that no two explain each other", () => {
  rules.forEach(({ id, explains }, i) => {
    for (const other of explains) expect(ids.indexOf(other), `${id}, ${other}`).toBeGreaterThan(i);
  });
  expect(new Set(ids).size).toBe(ids.length);
  for (const { reference } of rules) expect(reference.length).toBeGreaterThan(20);
});

test("a healthy run has no findings, at any time", () => {
  const events = stepsOf(falling(200));
  for (const count of [0, 1, 2, 20, 200, 400])
    expect(examine(recordOf(events.slice(0, count)))).toEqual([]);
  expect(
    examine(
      recordOf([
        ...events,
        ...epochsOf([
          [1, 0.9],
          [0.4, 0.35],
          [0.1, 0.12],
        ]),
      ]),
    ),
  ).toEqual([]);
});

test("of nothing, nothing is said", () => {
  expect(examine(recordOf([], {}))).toEqual([]);
  expect(
    examine(
      recordOf(
        stepsOf(falling(100), () => undefined),
        {},
      ),
    ),
  ).toEqual([]);
  expect(() => examine({} as never)).toThrow("examine: expected a record");
});

const pairs = [...pairsOfSetups, ...pairsOfRuns];
const large: Said = { params: { "*": { updateNorm: 2 } } };
const normed = [
  layers[0]!,
  { path: "batchNorm1", type: "batchNorm", output: [16], momentum: 0.99 },
  ...layers.slice(1),
];
const kept = (rate: number): Setup => ({
  ...setup,
  layers: [...layers.slice(0, 4), { path: "dropout1", type: "dropout", rate }, layers[4]!],
});

test("each rule has such a pair, and each of its texts", () => {
  expect(new Set(pairs.map(([id]) => id))).toEqual(new Set(ids));
  for (const id of ids) {
    const kinds = (["title", "meaning", "tip"] as const).flatMap((part) => {
      const phrase = texts.en.findings[id][part];
      return typeof phrase === "string" ? [] : Object.keys(phrase);
    });
    const shown = new Set(pairs.flatMap(([other, kind]) => (other === id ? [kind] : [])));
    // "other" is also the title of a cause.
    for (const kind of kinds) if (kind !== "other") expect(shown, `${id} ${kind}`).toContain(kind);
  }
});

test.for(pairs)("%s (%s) speaks on one side of its threshold only", ([id, kind, sick, well]) => {
  const found = examine(sick);
  expect(found[0]?.id, JSON.stringify(found)).toBe(id);
  expect(found[0]?.kind).toBe(kind);
  for (const language of ["en", "ko"] as const)
    expect(worded(found[0]!, language).text).not.toMatch(/\{\w+[%#]?\}|undefined|NaN %|: \n/);
  expect(examine(well).filter((other) => other.id === id && other.kind === kind)).toEqual([]);
});

test("the cause comes first, is as severe as what it explains, and the others name it", () => {
  const said: Said = { ...large, layers: { relu1: { dead: 1 } } };
  const record = recordOf(
    stepsOf([1.386, ...constant(40, 3)], (step) => (step > 1 ? said : large)),
  );
  const [first, ...others] = examine(record);
  expect(first).toMatchObject({ id: "learningRateTooHigh", severity: "error" });
  expect(others.map(({ id, explainedBy }) => [id, explainedBy])).toEqual([
    ["deadUnits", "learningRateTooHigh"],
  ]);
  const bytes = { ...data, input: { mean: 33, std: 78, min: 0, max: 255 } };
  const unscaled = examine(recordOf(stepsOf([20]), { setup, data: bytes }));
  expect(unscaled.map(({ id, severity, explainedBy }) => [id, severity, explainedBy])).toEqual([
    ["unscaledInputs", "error", undefined],
    ["initialValuesTooLarge", "error", "unscaledInputs"],
  ]);
});

test("the figures of another library are enough: losses alone", () => {
  const steps = [2.3, 2.6, 3.4, 5.1, 8.8, 14, 22].map((loss, i) => ({
    type: "step",
    step: i + 1,
    loss,
  }));
  const [finding] = examine(recordOf(steps as RunEvent[], {}));
  expect(finding).toMatchObject({
    id: "learningRateTooHigh",
    evidence: { start: 2.3, loss: (3.4 + 5.1 + 8.8 + 14 + 22) / 5 },
    tip: "Divide the learning rate by 10.",
  });
});

test("whatever the figures are, nothing is thrown and every text is whole", () => {
  const figure = fc.oneof(
    fc.constantFrom(0, 1, NaN, Infinity, -1, 1e-30, 1e30),
    fc.double({ min: -10, max: 10 }),
  );
  const several = (names: readonly string[]) =>
    fc.record(Object.fromEntries(names.map((name) => [name, figure])), { requiredKeys: [] });
  const said = fc.record({
    input: several(["mean", "std"]),
    layers: fc.record({ dense2: several(["mean", "std", "nonFinite"]), relu2: several(["dead"]) }),
    params: fc.record({ "*": several(["norm", "gradientNorm", "updateNorm"]) }),
  });
  const run = fc.array(fc.tuple(figure, fc.option(said, { nil: undefined })), { maxLength: 12 });
  const setups = [setup, {}, { ...setup, layers: normed }, { ...setup, loss: "mse" }, kept(0.9)];
  const epochs = fc.array(fc.tuple(figure, figure), { maxLength: 6 });
  fc.assert(
    fc.property(run, epochs, fc.constantFrom(...setups), (steps, scores, chosen) => {
      const events = [
        ...stepsOf(
          steps.map(([loss]) => loss),
          (step) => steps[step - 1]![1],
        ),
        ...epochsOf(scores),
      ];
      for (const finding of examine(recordOf(events, { setup: chosen, data }))) {
        const { text } = worded(finding, "ko");
        expect(text).not.toMatch(/\{\w+[%#]?\}|undefined/);
      }
    }),
    { numRuns: 300 },
  );
});
