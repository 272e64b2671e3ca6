import { expect, test } from "vitest";
import {
  areaUnderLoss,
  bestOf,
  finalOf,
  measuring,
  stepsTo,
  type EndEvent,
  type EpochScores,
  type FitEvent,
  type Measure,
} from "./index.js";

/** Two steps an epoch; what each epoch's validation gave. */
const losses = [2, 1.5, 1, 0.75, 0.5, 0.25];
const accuracies = [0.5, 0.9, 0.8];
const history: readonly EpochScores[] = accuracies.map((accuracy, i) => ({
  epoch: i + 1,
  step: 2 * i + 2,
  train: { loss: losses[2 * i + 1]! },
  validation: { accuracy, "a.b": i },
}));
const snapshot = { progress: { step: 6, epoch: 3 } };
const end = { type: "end", reason: "done", history, snapshot } as unknown as EndEvent;
const events = losses.flatMap((loss, i): FitEvent[] => [
  {
    ...{ type: "step", step: i + 1, epoch: 1, batch: 1, batches: 2, examples: 4, milliseconds: 1 },
    ...{ loss, running: { accuracy: i / 5 } },
  } as FitEvent,
  ...(i % 2 === 1
    ? [{ type: "epoch", ...history[(i - 1) / 2]!, epochs: 3, best: true, seconds: 1 } as FitEvent]
    : []),
]);

const valueOf = (measure: Measure, last: EndEvent = end): number | null => {
  const run = measuring({ measured: measure });
  for (const event of events) run.see(event);
  return run.finished({ arm: "", seed: 0 }, last).measures["measured"]!;
};

test("the last, the best and the first value that is good enough", () => {
  expect(valueOf(finalOf("validation.accuracy", "higher"))).toBe(0.8);
  expect(valueOf(finalOf("train.loss", "lower"))).toBe(0.25);
  expect(valueOf(finalOf("validation.a.b", "lower"))).toBe(2);
  expect(valueOf(bestOf("validation.accuracy", "higher"))).toBe(0.9);
  expect(valueOf(bestOf("validation.accuracy", "lower"))).toBe(0.5);
  expect(valueOf(areaUnderLoss())).toBe(6);
  expect(valueOf(stepsTo("validation.accuracy", 0.8, "higher"))).toBe(4);
  expect(valueOf(stepsTo("train.loss", 0.5, "lower"))).toBe(6);
  expect(valueOf(stepsTo("running.accuracy", 0.6, "higher"))).toBe(4);
});

test("what there is not is null: no epoch, a threshold that is not reached, NaN", () => {
  const none = { ...end, history: [] };
  expect(valueOf(finalOf("validation.accuracy", "higher"), none)).toBe(null);
  expect(valueOf(bestOf("validation.accuracy", "higher"), none)).toBe(null);
  expect(valueOf(stepsTo("validation.accuracy", 0.95, "higher"))).toBe(null);
  expect(valueOf({ better: "lower", result: () => NaN })).toBe(null);
  expect(valueOf({ better: "lower", result: () => -Infinity })).toBe(null);
  expect(Object.is(valueOf({ better: "lower", result: () => -0 }), 0)).toBe(true);
});

test("the best leaves out what is not finite", () => {
  const values = [NaN, 3, Infinity, 2].map((loss) => ({ ...history[0]!, train: { loss } }));
  expect(valueOf(bestOf("train.loss", "lower"), { ...end, history: values })).toBe(2);
  expect(valueOf(bestOf("train.loss", "higher"), { ...end, history: values })).toBe(3);
});

test("a measure sees no step twice, also after one that was not finite", () => {
  const types: string[] = [];
  const measured = measuring({
    counter: {
      better: "lower",
      start: 0,
      update: (count: number, event) => (types.push(event.type), count + 1),
      result: (_, count: number) => count,
    } as Measure<number>,
  });
  measured.see({ type: "start" } as FitEvent);
  measured.see(events[0]!);
  measured.see({ type: "checkpoint", name: "last", step: 1 });
  measured.see({ type: "nonFinite" } as FitEvent);
  measured.see({ type: "statistics" } as FitEvent);
  measured.see(end);
  expect(types).toEqual(["step"]);
  expect(measured.states()).toEqual({ counter: 1 });
});

test("refuses names of no value, and values that a run has not", () => {
  expect(() => finalOf("loss", "lower")).toThrow(
    'finalOf: expected the name of a value, such as "validation.loss" (train, validation), got "loss"',
  );
  expect(() => bestOf("running.loss", "lower")).toThrow("bestOf: expected the name of a value");
  expect(() => valueOf(finalOf("validation.accurcy", "higher"))).toThrow(
    'finalOf: expected a run that has the value "validation.accurcy", got validation with accuracy, a.b',
  );
  expect(() => finalOf("train.loss", "min" as "lower")).toThrow(
    'finalOf: expected better to be "higher" or "lower", got "min"',
  );
  expect(() => stepsTo("train.loss", NaN, "lower")).toThrow(
    "stepsTo: expected a finite threshold, got NaN",
  );
  expect(() => valueOf({ better: "lower", result: () => "0.5" as never })).toThrow(
    'study: expected a number from measure "measured", got "0.5"',
  );
});
