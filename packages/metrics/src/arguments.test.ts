import type { Metric } from "@tenon/contracts";
import { refusal, wrongOptions } from "@tenon/testkit";
import { expect, test } from "vitest";
import * as exported from "./index.js";

type Of = (...args: readonly unknown[]) => unknown;
const all = exported as unknown as Readonly<Record<string, Of>>;
const wrong: readonly unknown[] = [
  undefined,
  null,
  3,
  "x",
  true,
  [],
  {},
  [[1, 2]],
  { shape: 2 },
  () => 1,
  1n,
];
const predictions = { shape: [1, 2, 3], dtype: "float32" as const, data: new Float32Array(6) };
const needed: Readonly<Record<string, readonly unknown[]>> = {
  ctcDecode: [predictions],
  ignoring: [exported.accuracy, 1],
  topKAccuracy: [2],
  recallAtPrecision: [0.5],
  precisionAtRecall: [0.5],
  sensitivityAtSpecificity: [0.5],
  specificityAtSensitivity: [0.5],
  ...Object.fromEntries(
    ["balancedAccuracy", "cohenKappa", "confusionMatrix", "matthewsCorrelation", "meanIoU"].map(
      (name) => [name, [3]],
    ),
  ),
};
const readers = ["confusionCounts", "classScores"];
const others = [...readers, "ctcDecode", "rocCurve"];

test.each(Object.keys(all).filter((name) => !others.includes(name)))(
  "%s refuses what are no arrays, and arguments that make no sense",
  (name) => {
    const made = all[name]!;
    const metric = (typeof made === "function" ? made(...(needed[name] ?? [])) : made) as Metric;
    const refused = (what: string): Error =>
      refusal(
        new RegExp(`^${name}: expected ${what} as an array \\{ shape, dtype, data \\}, got `),
      );
    const array = { shape: [1, 3], dtype: "float32" as const, data: Float32Array.of(0, 1, 0) };
    for (const value of wrong as never[]) {
      expect(() => metric.update(metric.start, value, array), String(value)).toThrow(
        refused("predictions"),
      );
      if (name !== "mean")
        expect(() => metric.update(metric.start, array, value), String(value)).toThrow(
          refused("targets"),
        );
      if (
        typeof made === "function" &&
        value !== undefined &&
        !(
          typeof value === "object" &&
          value !== null &&
          Object.keys(value).length === 0 &&
          !Array.isArray(value)
        ) &&
        !(typeof value === "number" && name in needed)
      )
        expect(() => made(value, ...(needed[name] ?? []).slice(1)), String(value)).toThrow(
          refusal(new RegExp(`^${name}: expected .*, got `)),
        );
    }
  },
);

test.each(Object.keys(all))("%s says in an error about an option which one", async (name) => {
  const made = all[name]!;
  if (typeof made === "function")
    await wrongOptions(name, (options) => made(...(needed[name] ?? []), options));
});

test("readers of a confusion matrix want its state", () => {
  for (const name of readers)
    for (const value of [
      ...wrong,
      { classes: 2, counts: [1] },
      { classes: "2", counts: [1, 2, 3, 4] },
    ])
      expect(() => all[name]!(value)).toThrow(
        refusal(
          new RegExp(
            `^${name}: expected the state of a confusionMatrix, \\{ classes, counts \\}, got `,
          ),
        ),
      );
});

test("other readers refuse what is not theirs", () => {
  for (const value of wrong) {
    expect(() => all["rocCurve"]!(value)).toThrow(
      refusal(/^rocCurve: expected the state of auc, \{ positives, negatives \}, got /),
    );
    expect(() => all["ctcDecode"]!(value)).toThrow(
      refusal(/^ctcDecode: expected predictions as an array \{ shape, dtype, data \}, got /),
    );
  }
});

test("what is forgotten is said", () => {
  expect(() => all["ignoring"]!(undefined, 3)).toThrow(
    refusal("ignoring: expected a metric, such as accuracy, got undefined"),
  );
  expect(() => all["ignoring"]!(exported.precision, 3)).toThrow(
    refusal("got precision, a function; call it: precision()"),
  );
  expect(() => all["ignoring"]!(exported.accuracy, "x")).toThrow(
    refusal('ignoring: expected a label, got "x"'),
  );
  expect(() => all["confusionMatrix"]!(3, {})).toThrow(
    refusal("confusionMatrix: expected no options, got {}"),
  );
  expect(() => all["topKAccuracy"]!(3, { classes: 10 })).toThrow(
    refusal("topKAccuracy: expected no options, got { classes: 10 }"),
  );
});

test.each(Object.keys(all).filter((name) => !others.includes(name)))(
  "%s refuses what is no state of its own, in its name",
  (name) => {
    const made = all[name]!;
    const metric = (typeof made === "function" ? made(...(needed[name] ?? [])) : made) as Metric;
    const array = { shape: [1], dtype: "float32" as const, data: Float32Array.of(0) };
    const refused = refusal(
      new RegExp(`^${metric.name}: expected a state of its own, got .*; begin with its start$`),
    );
    const broken = [NaN, Infinity].map((wrong): unknown =>
      JSON.parse(JSON.stringify(metric.start), (_, part) => (part === 0 ? wrong : part)),
    );
    for (const value of [...wrong, metric, ...broken] as never[]) {
      expect(() => metric.result(value), String(value)).toThrow(refused);
      if (name !== "ignoring")
        expect(() => metric.update(value, array, array), String(value)).toThrow(refused);
    }
  },
);

test.each(["accuracy", "mean", "meanSquaredError", "r2Score"] as const)(
  "%s refuses an array whose values are not those of its shape",
  (name) => {
    const array = { shape: [2, 3], dtype: "float32" as const, data: Float32Array.of(0, 1, 0) };
    expect(() => exported[name].update(exported[name].start as never, array, array)).toThrow(
      refusal(`${name}: expected predictions to fill [2, 3], got 3`),
    );
  },
);

test("rocCurve refuses counts that are none", () => {
  const counts: readonly unknown[][] = [[], ["a"], [-1], [NaN], new Array(1)];
  for (const positives of counts as number[][])
    expect(() => exported.rocCurve({ positives, negatives: positives })).toThrow(
      refusal(/^rocCurve: expected the state of auc, \{ positives, negatives \}, got /),
    );
});

test("an average is no property that every object has", () =>
  expect(() => exported.specificity({ classes: 3, average: "toString" as never })).toThrow(
    refusal('specificity: expected average to be "macro", "micro" or "weighted", got "toString"'),
  ));
